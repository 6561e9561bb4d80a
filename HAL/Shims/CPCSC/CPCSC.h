#ifndef TENDER_CPCSC_H
#define TENDER_CPCSC_H

#include <stddef.h>
#include <stdint.h>

#include <PCSC/winscard.h>

/* Library codes are signed and as wide as a C long: the 32 bits that name the error. */
static inline uint32_t tender_pcsc_code(LONG code) { return (uint32_t)code; }

/* The event counter stands in the upper half of an event state; the flags are the lower one. */
static inline uint32_t tender_pcsc_flags(DWORD state) { return (uint32_t)(state & 0xFFFF); }

/* SCARD_PCI_T0 and SCARD_PCI_T1 are addresses of constants, which do not import. */
static inline LONG tender_pcsc_transmit(
    SCARDHANDLE card, DWORD protocol, const unsigned char *command, DWORD length, unsigned char *response,
    DWORD *capacity)
{
    const SCARD_IO_REQUEST *header = protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
    return SCardTransmit(card, header, command, length, NULL, response, capacity);
}

#endif
