/*
 * Host: the facts of this machine, and the machine class that they make.
 *
 * host_read asks the system; the others are pure functions of a file's text, so that recorded texts can stand for
 * machines that are not here.
 */
#ifndef PAWL_FLOW_HOST_H
#define PAWL_FLOW_HOST_H

#include "base/arena.h"
#include "base/text.h"
#include "model/run.h"

#include <stdbool.h>
#include <stdint.h>

/* What /proc/cpuinfo says. */
struct host_cpu {
	const char *model; /* with marks of trade and clock rates; "" where it says nothing */
	const char *flags;
	int64_t cores;          /* logical */
	int64_t family, number; /* of the model on x86, else 0 */
	bool virtual;           /* x86: a hypervisor says that it is there */
};

/* What else tells that a hypervisor is there; "" where the machine says nothing. */
struct host_signs {
	const char *cpuid;       /* its 12 letters on x86: KVMKVMKVM */
	const char *sys_type;    /* /sys/hypervisor/type */
	const char *dmi_vendor;  /* /sys/class/dmi/id/sys_vendor */
	const char *dmi_product; /* /sys/class/dmi/id/product_name */
	const char *device_tree; /* /proc/device-tree/hypervisor/compatible */
};

/* All facts that need no other program; the compiler is "". */
void host_read(struct arena *a, struct host *out);

void host_parse_cpuinfo(struct arena *a, struct str text, struct host_cpu *out);

/* "kvm", "hyperv", "xen", …; "vm" for one without a name, "none" on bare metal. */
const char *host_hypervisor(const struct host_cpu *cpu, const struct host_signs *signs);

/* "x86_64-intel-xeon-platinum-8481c-2-kvm": lower-case letters, digits, '_' and '-'. */
const char *host_machine_class(struct arena *a, const char *arch, const struct host_cpu *cpu, const char *hypervisor);

#endif
