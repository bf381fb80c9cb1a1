// A program in C++ whose functions have the shapes that look-ups meet: templates, namespaces, methods, exceptions,
// overloads, operators, what the library inlines.
#include <algorithm>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace shop
{

template <class T> class basket
{
      public:
	void add(const std::string &name, T price)
	{
		items[name] += price;
	}

	__attribute__((noinline)) T sum() const
	{
		T total = T();

		for (const auto &item : items)
			total += item.second;
		return total;
	}

	T operator[](const std::string &name) const
	{
		auto found = items.find(name);

		if (found == items.end())
			throw std::out_of_range("no " + name);
		return found->second;
	}

      private:
	std::map<std::string, T> items;
};

namespace
{

__attribute__((noinline)) long weigh(const std::vector<int> &values)
{
	long sum = 0;

	for (int value : values)
		sum += value * value;
	return sum;
}

} // namespace

struct shape {
	virtual ~shape() = default;
	virtual double area() const = 0;
};

struct square : shape {
	double side;
	explicit square(double s) : side(s)
	{
	}
	double area() const override
	{
		return side * side;
	}
};

__attribute__((noinline)) int twice(int value)
{
	return value * 2;
}

__attribute__((noinline)) double twice(double value)
{
	return value * 2;
}

} // namespace shop

int main(int argc, char **argv)
{
	shop::basket<long> longs;
	shop::basket<double> doubles;
	std::vector<int> values;
	shop::shape *shape = new shop::square(argc);

	for (int i = 0; i < argc * 20; i++) {
		longs.add(argv[0] + std::to_string(i % 5), i);
		doubles.add("x", i / 2.0);
		values.push_back((i * 7919) % 101);
	}
	std::sort(values.begin(), values.end());
	std::sort(values.begin(), values.end(), std::greater<int>());
	long found = longs[std::string(argv[0]) + "1"] + longs.sum() + shop::weigh(values) + shop::twice(argc);
	double other = doubles.sum() + shop::twice(2.0) + shape->area();
	delete shape;
	return found > 0 && other > 0 ? 0 : 1;
}
