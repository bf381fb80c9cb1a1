/*
 * Asking the system for the facts of this machine.
 */
#include "flow/host.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#ifdef __GLIBC__
#include <gnu/libc-version.h>
#endif
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

enum { FACT_LIMIT = 16 << 20 }; /* /proc/cpuinfo of a thousand cores is 2 MB */

/* How a hypervisor is called in the places where it shows; a word matches where a text holds it. */
struct sign {
	const char *word, *name;
};

static const char *find_sign(const struct sign *signs, size_t count, const char *text)
{
	for (size_t i = 0; i < count; i++) {
		if (strcasestr(text, signs[i].word))
			return signs[i].name;
	}
	return NULL;
}

/* Signatures of CPUID leaf 0x40000000. */
static const struct sign cpuid_signs[] = {
	{"KVMKVMKVM", "kvm"},     {"Microsoft Hv", "hyperv"},     {"VMwareVMware", "vmware"},
	{"XenVMMXenVMM", "xen"},  {"TCGTCGTCGTCG", "qemu"},       {"bhyve bhyve", "bhyve"},
	{"ACRNACRNACRN", "acrn"}, {"VBoxVBoxVBox", "virtualbox"}, {" lrpepyh vr", "parallels"},
};

/* Products before vendors: "Virtual Machine" is Hyper-V's, and Amazon's and Google's names also stand on bare metal. */
static const struct sign product_signs[] = {
	{"VirtualBox", "virtualbox"},
	{"VMware", "vmware"},
	{"Parallels", "parallels"},
	{"KVM", "kvm"},
	{"Google Compute Engine", "kvm"},
	{"Bochs", "qemu"},
	{"Standard PC", "qemu"},
	{"HVM domU", "xen"},
	{"BHYVE", "bhyve"},
};
static const struct sign vendor_signs[] = {
	{"QEMU", "qemu"},          {"VMware", "vmware"},       {"Xen", "xen"},
	{"innotek", "virtualbox"}, {"Parallels", "parallels"}, {"OpenStack", "kvm"},
	{"DigitalOcean", "kvm"},   {"Hetzner", "kvm"},         {"Alibaba Cloud", "kvm"},
};
static const struct sign tree_signs[] = {{"kvm", "kvm"}, {"xen", "xen"}, {"vmware", "vmware"}};

#define FIND(signs, text) find_sign(signs, sizeof(signs) / sizeof *(signs), text)

/* What the firmware's names say, or NULL. */
static const char *dmi_hypervisor(const struct host_signs *s)
{
	const char *name;

	/* Instances of Amazon that are a whole machine say so; the others run on its KVM (Nitro). */
	if (text_starts(s->dmi_vendor, "Amazon EC2"))
		return strstr(s->dmi_product, ".metal") ? NULL : "kvm";
	if (text_starts(s->dmi_vendor, "Microsoft") && strstr(s->dmi_product, "Virtual Machine"))
		return "hyperv";
	name = FIND(product_signs, s->dmi_product);
	return name ? name : FIND(vendor_signs, s->dmi_vendor);
}

const char *host_hypervisor(const struct host_cpu *cpu, const struct host_signs *signs)
{
	const char *name = FIND(cpuid_signs, signs->cpuid);

	if (!name && *signs->sys_type)
		name = strstr(signs->sys_type, "xen") ? "xen" : "vm";
	if (!name)
		name = FIND(tree_signs, signs->device_tree);
	if (!name)
		name = dmi_hypervisor(signs);
	if (name)
		return name;
	return cpu->virtual ? "vm" : "none";
}

/* A small file's text without the white space at its end, "" when it cannot be read. */
static const char *read_fact(struct arena *a, const char *path)
{
	struct str text;
	struct err ignored;

	if (!file_read(a, path, FACT_LIMIT, &text, &ignored))
		return "";
	while (text.size && strchr(" \t\r\n", text.at[text.size - 1]))
		text.size--;
	return arena_copy(a, text.at, text.size);
}

static const char *cpuid_signature(struct arena *a, const struct host_cpu *cpu)
{
#if defined(__x86_64__) || defined(__i386__)
	unsigned leaf, words[3];

	/* The leaf means something only where a hypervisor says that it is there. */
	if (!cpu->virtual)
		return "";
	__cpuid(0x40000000, leaf, words[0], words[1], words[2]);
	(void)leaf;
	return arena_string(a, arena_copy(a, (const char *)words, sizeof words));
#else
	(void)a;
	(void)cpu;
	return "";
#endif
}

static const char *read_turbo(struct arena *a)
{
	const char *off = read_fact(a, "/sys/devices/system/cpu/intel_pstate/no_turbo");
	const char *on = read_fact(a, "/sys/devices/system/cpu/cpufreq/boost");

	if (*off)
		return text_equal(off, "1") ? "off" : "on";
	if (*on)
		return text_equal(on, "1") ? "on" : "off";
	return "";
}

static const char *libc_name(struct arena *a)
{
#ifdef __GLIBC__
	return arena_printf(a, "glibc %s", gnu_get_libc_version());
#else
	(void)a;
	return "";
#endif
}

void host_read(struct arena *a, struct host *out)
{
	const char *cpuinfo = read_fact(a, "/proc/cpuinfo");
	struct host_signs signs;
	struct host_cpu cpu;
	struct utsname name;
	double load = 0;

	*out = (struct host){.arch = "", .kernel = "", .compiler = ""};
	if (uname(&name) == 0) {
		out->arch = arena_string(a, name.machine);
		out->kernel = arena_printf(a, "%s %s", name.sysname, name.release);
	}
	host_parse_cpuinfo(a, str_of(cpuinfo), &cpu);
	if (cpu.cores == 0)
		cpu.cores = sysconf(_SC_NPROCESSORS_ONLN);
	signs = (struct host_signs){
		.cpuid = cpuid_signature(a, &cpu),
		.sys_type = read_fact(a, "/sys/hypervisor/type"),
		.dmi_vendor = read_fact(a, "/sys/class/dmi/id/sys_vendor"),
		.dmi_product = read_fact(a, "/sys/class/dmi/id/product_name"),
		.device_tree = read_fact(a, "/proc/device-tree/hypervisor/compatible"),
	};
	out->hypervisor = host_hypervisor(&cpu, &signs);
	out->machine_class = host_machine_class(a, out->arch, &cpu, out->hypervisor);
	out->cpu_model = cpu.model;
	out->cpu_flags = cpu.flags;
	out->cores = cpu.cores;
	out->governor = read_fact(a, "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
	out->turbo = read_turbo(a);
	out->smt = read_fact(a, "/sys/devices/system/cpu/smt/control");
	out->libc = libc_name(a);
	out->load = getloadavg(&load, 1) == 1 ? load : 0;
}
