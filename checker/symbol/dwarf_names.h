/*
 * Numbers of the DWARF standard, version 5, chapter 7, and of GNU's extensions, of which pawl takes notice.
 */
#ifndef PAWL_SYMBOL_DWARF_NAMES_H
#define PAWL_SYMBOL_DWARF_NAMES_H

#include <stdint.h>

enum { /* tags, table 7.3 */
       TAG_ARRAY = 0x01,
       TAG_CLASS = 0x02,
       TAG_ENUMERATION = 0x04,
       TAG_COMPILE_UNIT = 0x11,
       TAG_STRUCTURE = 0x13,
       TAG_FUNCTION_TYPE = 0x15,
       TAG_UNION = 0x17,
       TAG_INLINED_SUBROUTINE = 0x1d,
       TAG_SUBPROGRAM = 0x2e,
       TAG_NAMESPACE = 0x39,
       TAG_PARTIAL_UNIT = 0x3c,
       TAG_CALL_SITE = 0x48,
       TAG_SKELETON_UNIT = 0x4a,
       TAG_GNU_CALL_SITE = 0x4109,
};

enum { /* attributes, table 7.5 */
       AT_SIBLING = 0x01,
       AT_NAME = 0x03,
       AT_STATEMENTS = 0x10,
       AT_LOW = 0x11,
       AT_HIGH = 0x12,
       AT_LANGUAGE = 0x13,
       AT_FOLDER = 0x1b,
       AT_ORIGIN = 0x31,
       AT_DECL_FILE = 0x3a,
       AT_DECL_LINE = 0x3b,
       AT_DECLARATION = 0x3c,
       AT_SPECIFICATION = 0x47,
       AT_RANGES = 0x55,
       AT_CALL_FILE = 0x58,
       AT_CALL_LINE = 0x59,
       AT_LINKAGE_NAME = 0x6e,
       AT_TEXTS_BASE = 0x72,
       AT_ADDRESSES_BASE = 0x73,
       AT_RANGE_LISTS_BASE = 0x74,
       AT_SPLIT_NAME = 0x76,
       AT_MIPS_LINKAGE_NAME = 0x2007,
       AT_GNU_SPLIT_NAME = 0x2130,
       AT_GNU_SPLIT_ID = 0x2131,
       AT_GNU_RANGES_BASE = 0x2132,
       AT_GNU_ADDRESSES_BASE = 0x2133,
};

enum { /* forms, table 7.6 */
       FORM_ADDR = 0x01,
       FORM_BLOCK2 = 0x03,
       FORM_BLOCK4 = 0x04,
       FORM_DATA2 = 0x05,
       FORM_DATA4 = 0x06,
       FORM_DATA8 = 0x07,
       FORM_STRING = 0x08,
       FORM_BLOCK = 0x09,
       FORM_BLOCK1 = 0x0a,
       FORM_DATA1 = 0x0b,
       FORM_FLAG = 0x0c,
       FORM_SDATA = 0x0d,
       FORM_STRP = 0x0e,
       FORM_UDATA = 0x0f,
       FORM_REF_ADDR = 0x10,
       FORM_REF1 = 0x11,
       FORM_REF2 = 0x12,
       FORM_REF4 = 0x13,
       FORM_REF8 = 0x14,
       FORM_REF_UDATA = 0x15,
       FORM_INDIRECT = 0x16,
       FORM_SEC_OFFSET = 0x17,
       FORM_EXPRLOC = 0x18,
       FORM_FLAG_PRESENT = 0x19,
       FORM_STRX = 0x1a,
       FORM_ADDRX = 0x1b,
       FORM_REF_SUP4 = 0x1c,
       FORM_STRP_SUP = 0x1d,
       FORM_DATA16 = 0x1e,
       FORM_LINE_STRP = 0x1f,
       FORM_REF_SIG8 = 0x20,
       FORM_IMPLICIT_CONST = 0x21,
       FORM_LOCLISTX = 0x22,
       FORM_RNGLISTX = 0x23,
       FORM_REF_SUP8 = 0x24,
       FORM_STRX1 = 0x25,
       FORM_STRX2 = 0x26,
       FORM_STRX3 = 0x27,
       FORM_STRX4 = 0x28,
       FORM_ADDRX1 = 0x29,
       FORM_ADDRX2 = 0x2a,
       FORM_ADDRX3 = 0x2b,
       FORM_ADDRX4 = 0x2c,
       FORM_GNU_ADDR_INDEX = 0x1f01,
       FORM_GNU_STR_INDEX = 0x1f02,
       FORM_GNU_REF_ALT = 0x1f20,
       FORM_GNU_STRP_ALT = 0x1f21,
};

enum { /* kinds of units, table 7.2 */
       UNIT_COMPILE = 0x01,
       UNIT_TYPE = 0x02,
       UNIT_PARTIAL = 0x03,
       UNIT_SKELETON = 0x04,
       UNIT_SPLIT_COMPILE = 0x05,
       UNIT_SPLIT_TYPE = 0x06,
};

/* Bytes of a form in an entry with 8-byte addresses and 4-byte offsets (7.5.6); -1 where it depends on the entry. */
static inline int dwarf_form_size(uint64_t form)
{
	switch (form) {
	case FORM_FLAG_PRESENT:
	case FORM_IMPLICIT_CONST:
		return 0;
	case FORM_DATA1:
	case FORM_FLAG:
	case FORM_REF1:
	case FORM_STRX1:
	case FORM_ADDRX1:
		return 1;
	case FORM_DATA2:
	case FORM_REF2:
	case FORM_STRX2:
	case FORM_ADDRX2:
		return 2;
	case FORM_STRX3:
	case FORM_ADDRX3:
		return 3;
	case FORM_DATA4:
	case FORM_REF4:
	case FORM_STRX4:
	case FORM_ADDRX4:
	case FORM_STRP:
	case FORM_LINE_STRP:
	case FORM_SEC_OFFSET:
	case FORM_REF_ADDR:
	case FORM_REF_SUP4:
	case FORM_STRP_SUP:
	case FORM_GNU_REF_ALT:
	case FORM_GNU_STRP_ALT:
		return 4;
	case FORM_ADDR:
	case FORM_DATA8:
	case FORM_REF8:
	case FORM_REF_SIG8:
	case FORM_REF_SUP8:
		return 8;
	case FORM_DATA16:
		return 16;
	default:
		return -1;
	}
}

#endif
