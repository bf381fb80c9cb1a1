/* Host facts: recorded texts of machines that are not here, and this one. */
#include "flow/host.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define NO_SIGNS .cpuid = "", .sys_type = "", .dmi_vendor = "", .dmi_product = "", .device_tree = ""

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

static struct host_cpu parse(struct arena *a, const char *name)
{
	struct host_cpu cpu;
	struct str text;
	struct err err;

	if (!file_read(a, arena_printf(a, "tests/golden/host/%s.txt", name), FILE_LIMIT, &text, &err))
		fail_msg("%s", err.text);
	host_parse_cpuinfo(a, text, &cpu);
	return cpu;
}

static void recorded_machines_get_their_class(void **state)
{
	static const struct {
		const char *file, *arch, *hypervisor, *model, *machine_class;
	} cases[] = {
		{"x86-kvm", "x86_64", "kvm", "Intel(R) Xeon(R) Processor", "x86_64-intel-xeon-f6m207-2-kvm"},
		{"x86-kvm-named", "x86_64", "kvm", "Intel(R) Xeon(R) Platinum 8481C CPU @ 2.70GHz",
		 "x86_64-intel-xeon-platinum-8481c-2-kvm"},
		{"x86-hyperv", "x86_64", "hyperv", "AMD EPYC 7763 64-Core Processor", "x86_64-amd-epyc-7763-4-hyperv"},
		{"x86-metal", "x86_64", "none", "Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz",
		 "x86_64-intel-core-i7-8700k-12-none"},
		{"aarch64-neoverse", "aarch64", "hyperv", "ARM Neoverse-N1", "aarch64-arm-neoverse-n1-4-hyperv"},
		{"aarch64-mixed", "aarch64", "none", "ARM Cortex-A53 + ARM Cortex-A73",
		 "aarch64-arm-cortex-a53-arm-cortex-a73-6-none"},
		{"aarch64-unknown", "aarch64", "none", "implementer 0x99 part 0x123",
		 "aarch64-implementer-0x99-part-0x123-1-none"},
		{"power9", "ppc64le", "none", "POWER9, altivec supported", "ppc64le-power9-altivec-supported-2-none"},
	};
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host_cpu cpu = parse(a, cases[i].file);

		assert_string_equal(cpu.model, cases[i].model);
		assert_string_equal(host_machine_class(a, cases[i].arch, &cpu, cases[i].hypervisor),
				    cases[i].machine_class);
	}
}

static void the_hypervisor_flag_is_a_whole_word(void **state)
{
	struct arena *a = *state;

	assert_true(parse(a, "x86-kvm").virtual);
	assert_false(parse(a, "x86-metal").virtual);
	assert_false(parse(a, "aarch64-neoverse").virtual);
}

static void flags_are_those_of_the_first_core(void **state)
{
	struct arena *a = *state;

	assert_true(text_starts(parse(a, "x86-kvm").flags, "fpu vme de"));
	assert_true(text_starts(parse(a, "aarch64-neoverse").flags, "fp asimd"));
	assert_string_equal(parse(a, "power9").flags, "");
}

static void a_text_that_says_nothing_gives_an_unknown_model(void **state)
{
	struct arena *a = *state;
	static const char *const texts[] = {"", "\n\n", ":", "model name", "processor\nmodel name\t:\n", ": : :\n:"};
	struct host_cpu cpu;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		host_parse_cpuinfo(a, str_of(texts[i]), &cpu);
		assert_string_equal(cpu.model, "");
		assert_string_equal(cpu.flags, "");
	}
	assert_string_equal(host_machine_class(a, "", &cpu, "none"), "unknown-unknown-0-none");
}

static void models_lose_marks_and_clock_rates(void **state)
{
	static const struct {
		const char *model, *slug;
	} cases[] = {
		{"Intel Xeon Processor (Skylake, IBRS)", "a-intel-xeon-skylake-ibrs-1-none"},
		{"Intel(R) Xeon(R) CPU E5-2673 v4 @ 2.30GHz", "a-intel-xeon-e5-2673-v4-1-none"},
		{"AMD Ryzen 9 5950X 16-Core Processor", "a-amd-ryzen-9-5950x-1-none"},
		{"13th Gen Intel(R) Core(TM) i9-13900K", "a-13th-gen-intel-core-i9-13900k-1-none"},
		{"\x1b[31m../\xC3\xA9t\xC3\xA9 7", "a-31m-t-7-1-none"},
		{"@", "a-unknown-1-none"},
	};
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host_cpu cpu = {.model = cases[i].model, .flags = "", .cores = 1};

		assert_string_equal(host_machine_class(a, "a", &cpu, "none"), cases[i].slug);
	}
}

static void hypervisors_are_known_by_their_signs(void **state)
{
	static const struct {
		struct host_signs signs;
		bool virtual;
		const char *name;
	} cases[] = {
		{{NO_SIGNS}, false, "none"},
		{{NO_SIGNS}, true, "vm"},
		{{"KVMKVMKVM", "", "", "", ""}, true, "kvm"},
		{{"Microsoft Hv", "", "Microsoft Corporation", "Virtual Machine", ""}, true, "hyperv"},
		{{"VMwareVMware", "", "", "", ""}, true, "vmware"},
		{{"XenVMMXenVMM", "xen", "Xen", "HVM domU", ""}, true, "xen"},
		{{"somethingnew", "", "", "", ""}, true, "vm"},
		{{"", "xen", "", "", ""}, false, "xen"},
		{{"", "", "QEMU", "KVM Virtual Machine", ""}, false, "kvm"},
		{{"", "", "QEMU", "Standard PC (Q35 + ICH9, 2009)", ""}, true, "qemu"},
		{{"", "", "Amazon EC2", "c7g.large", ""}, false, "kvm"},
		{{"", "", "Amazon EC2", "c7g.metal", ""}, false, "none"},
		{{"", "", "Google", "Google Compute Engine", ""}, true, "kvm"},
		{{"", "", "Microsoft Corporation", "Virtual Machine", ""}, false, "hyperv"},
		{{"", "", "Microsoft Corporation", "Surface Pro", ""}, false, "none"},
		{{"", "", "Dell Inc.", "PowerEdge R650", ""}, false, "none"},
		{{"", "", "", "", "linux,kvm"}, false, "kvm"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct host_cpu cpu = {.model = "", .flags = "", .virtual = cases[i].virtual};

		assert_string_equal(host_hypervisor(&cpu, &cases[i].signs), cases[i].name);
	}
}

static void this_machine_has_a_class_that_can_be_a_folder(void **state)
{
	struct arena *a = *state;
	struct host h;

	host_read(a, &h);
	assert_int_equal(strspn(h.machine_class, "abcdefghijklmnopqrstuvwxyz0123456789_-"), strlen(h.machine_class));
	assert_true(strlen(h.machine_class) > 5);
	assert_true(h.cores > 0);
	assert_true(h.load >= 0);
	assert_true(*h.arch && *h.kernel && *h.hypervisor);
	assert_non_null(h.cpu_model);
	assert_non_null(h.cpu_flags);
	assert_non_null(h.governor);
	assert_non_null(h.turbo);
	assert_non_null(h.smt);
	assert_non_null(h.libc);
	assert_string_equal(h.compiler, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(recorded_machines_get_their_class),
		TEST(the_hypervisor_flag_is_a_whole_word),
		TEST(flags_are_those_of_the_first_core),
		TEST(a_text_that_says_nothing_gives_an_unknown_model),
		TEST(models_lose_marks_and_clock_rates),
		TEST(hypervisors_are_known_by_their_signs),
		TEST(this_machine_has_a_class_that_can_be_a_folder),
	};

	return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
