/* Names of functions: C++ and Rust demangled, marks of clones taken off, hostile ones survived. */
#include "symbol/name.h"

#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int group_setup(void **state)
{
	(void)state;
	arena = arena_open();
	return 0;
}

static int group_teardown(void **state)
{
	(void)state;
	arena_close(arena);
	return 0;
}

static void assert_cleaned(const char *raw, const char *clean)
{
	assert_string_equal(name_clean(arena, raw), clean);
}

static void names_of_cpp_are_demangled(void **state)
{
	(void)state;
	/* Itanium C++ ABI, 5.1.2 and the examples of 5.1.8. */
	assert_cleaned("_Z1fv", "f()");
	assert_cleaned("_ZSt5state", "std::state");
	assert_cleaned("_ZN6System5Sound4beepEv", "System::Sound::beep()");
	assert_cleaned("_ZN5ArenaIiE5levelE", "Arena<int>::level");
	assert_cleaned("_ZNK3foo3barEv", "foo::bar() const");
	assert_cleaned("_ZN12_GLOBAL__N_14helpEv", "(anonymous namespace)::help()");
}

static void what_is_not_mangled_stays(void **state)
{
	(void)state;
	assert_cleaned("main", "main");
	assert_cleaned("", "");
	assert_cleaned("_Z", "_Z");
	assert_cleaned("_Znonsense", "_Znonsense");
	assert_cleaned("_ZN3foo", "_ZN3foo");
	assert_cleaned("runtime.mallocgc", "runtime.mallocgc");
}

static void marks_of_clones_are_taken_off(void **state)
{
	static const char *const marks[] = {".constprop.0",      ".isra.0",        ".part.3",       ".cold",
					    ".cold.1",           ".llvm.123",      ".lto_priv.0",   ".hot",
					    ".constprop.0.cold", ".isra.0.part.1", ".__uniq.12345", ".part.0.isra.0",
					    ".localalias",       ".clone.2",       ".unlikely"};

	(void)state;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		assert_cleaned(arena_printf(arena, "hash%s", marks[i]), "hash");
		assert_cleaned(arena_printf(arena, "_ZN3foo3barEi%s", marks[i]), "foo::bar(int)");
		assert_int_equal(name_base_size(arena_printf(arena, "a.b%s", marks[i])), 3);
	}
}

static void dots_that_are_no_marks_stay(void **state)
{
	static const char *const names[] = {"main.coldest", "x.part", "a.constpropx.0", "a.b.c", ".cold",
					    "foo.cold.bar", "1.5"};

	(void)state;
	assert_cleaned("x.part", "x");
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (strcmp(names[i], "x.part") != 0)
			assert_cleaned(names[i], names[i]);
	}
}

static void names_of_rust_lose_their_hash_and_escapes(void **state)
{
	(void)state;
	assert_cleaned("_ZN4core3ptr13drop_in_place17h0123456789abcdefE", "core::ptr::drop_in_place");
	assert_cleaned("_ZN58_$LT$alloc..string..String$u20$as$u20$core..fmt..Write$GT$9write_str17h0123456789abcdefE",
		       "<alloc::string::String as core::fmt::Write>::write_str");
	assert_cleaned("_ZN4test28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE.llvm.77", "test::{{closure}}");
	assert_cleaned("_ZN4a$RF5b$SP$17h0123456789abcdefE", "a$RF::b@");
	assert_cleaned("_ZN12a$C$b$LP$$RP17h0123456789abcdefE", "a,b($RP");
	/* Parts that are longer than the name, or not closed, are another language's. */
	assert_cleaned("_ZN9core3ptr17h0123456789abcdefE", "_ZN9core3ptr17h0123456789abcdefE");
}

static void newer_names_of_rust_are_demangled(void **state)
{
	(void)state;
	/* RFC 2603 and the tests of rustc's own demangler. */
	assert_cleaned("_RNvCs15kBYyAo9fc_7mycrate7example", "mycrate::example");
	assert_cleaned("_RNvC6_123foo3bar", "123foo::bar");
	assert_cleaned("_RNvNtCs1234_7mycrate3foo3bar.llvm.9D1C9369", "mycrate::foo::bar");
	assert_cleaned("_RNCNCNgCs6DXkGYLi8lr_2cc5spawn00B5_", "cc::spawn::{closure#0}::{closure#0}");
	assert_cleaned(
		"_RINbNbCskIICzLVDPPb_5alloc5alloc8box_freeDINbNiB4_5boxed5FnBoxuEp6OutputuEL_ECs1iopQbuBiw2_3std",
		"alloc::alloc::box_free::<dyn alloc::boxed::FnBox<(), Output = ()>>");
	assert_cleaned("_RMC0INtC8arrayvec8ArrayVechKj7b_E", "<arrayvec::ArrayVec<u8, 123>>");
	assert_cleaned("_RMCs4fqI2P2rA04_13const_genericINtB0_4CharKc76_E", "<const_generic::Char<'v'>>");
	assert_cleaned("_RMCs4fqI2P2rA04_13const_genericINtB0_4CharKca_E", "<const_generic::Char<'\\u{a}'>>");
	assert_cleaned("_RMCs4fqI2P2rA04_13const_genericINtB0_4BoolKb1_E", "<const_generic::Bool<true>>");
	assert_cleaned("_RMCs4fqI2P2rA04_13const_genericINtB0_6SignedKan98_E", "<const_generic::Signed<-152>>");
	assert_cleaned("_RIC1aKo80000000000000000000000000000000_E", "a::<0x80000000000000000000000000000000>");
	assert_cleaned("_RIC1aFG_RL0_hEtE", "a::<for<'a> fn(&'a u8) -> u16>");
	assert_cleaned("_RIC1aTRhQtPlOmThEAhj3_ShEE",
		       "a::<(&u8, &mut u16, *const i32, *mut u32, (u8,), [u8; 3], [u8])>");
}

static void damaged_names_of_rust_stay_as_they_are(void **state)
{
	static const char *const names[] = {
		"_R", "_RN", "_RNvB_3foo", "_RNvC3fo", "_RIC1aEE", "_RC1aC", "_RC9999999999a", "_RBz_", "_Rust"};
	struct buf bomb = {.arena = arena};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		assert_cleaned(names[i], names[i]);
	/* Each tuple is of two of the tuple before it. */
	buf_text(&bomb, "_RIC1a");
	for (size_t i = 0, last = 3; i < 60; i++) {
		size_t here = bomb.size - 2;

		buf_text(&bomb, i ? "T" : "ThhE");
		for (int twice = 0; i && twice < 2; twice++) {
			static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
			size_t index = last - 1;

			buf_char(&bomb, 'B');
			if (index >= 62)
				buf_char(&bomb, digits[index / 62]);
			buf_char(&bomb, digits[index % 62]);
			buf_char(&bomb, '_');
		}
		buf_text(&bomb, i ? "E" : "");
		last = here;
	}
	buf_text(&bomb, "E");
	assert_true(name_clean(arena, buf_string(&bomb)) == buf_string(&bomb));
}

static void very_long_names_stay_as_they_are(void **state)
{
	size_t size = 1 << 20;
	char *name = arena_alloc(arena, size + 1);

	(void)state;
	memset(name, 'P', size);
	memcpy(name, "_Z1f", 4);
	assert_true(name_clean(arena, name) == name);
	/* Dots are looked at once each. */
	memset(name, '.', size);
	assert_true(name_clean(arena, name) == name);
	for (size_t i = 0; i + 6 <= size; i += 6)
		memcpy(name + i, ".cold.", 6);
	assert_true(name_clean(arena, name) == name);
}

static void names_that_would_grow_without_bound_stay_as_they_are(void **state)
{
	struct buf name = {.arena = arena};

	(void)state;
	/* Each pair is of two of the pair before it: 2^n names. */
	buf_text(&name, "_Z1fSt4pairIiiE");
	for (int i = 0; i < 60; i++) {
		static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
		struct buf of = {.arena = arena};

		buf_char(&of, 'S');
		if (i >= 36)
			buf_char(&of, '1');
		buf_char(&of, digits[i % 36]);
		buf_char(&of, '_');
		buf_printf(&name, "S_I%s%sE", buf_string(&of), buf_string(&of));
	}
	assert_true(name_clean(arena, buf_string(&name)) == buf_string(&name));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_of_cpp_are_demangled),
		cmocka_unit_test(what_is_not_mangled_stays),
		cmocka_unit_test(marks_of_clones_are_taken_off),
		cmocka_unit_test(dots_that_are_no_marks_stay),
		cmocka_unit_test(names_of_rust_lose_their_hash_and_escapes),
		cmocka_unit_test(newer_names_of_rust_are_demangled),
		cmocka_unit_test(damaged_names_of_rust_stay_as_they_are),
		cmocka_unit_test(very_long_names_stay_as_they_are),
		cmocka_unit_test(names_that_would_grow_without_bound_stay_as_they_are),
	};

	return cmocka_run_group_tests_name("symbol_name", tests, group_setup, group_teardown);
}
