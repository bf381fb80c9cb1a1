/* Calls of functions of another library, through stubs that the linker makes. */
long outside(long n);
long other(long n);
long call(long n);

long call(long n)
{
	return outside(n) + other(n);
}
