#ifndef TENDER_CPCSC_H
#define TENDER_CPCSC_H

#include <stddef.h>
#include <stdint.h>

#include <string.h>

#include <PCSC/winscard.h>

#include <PCSC/reader.h>

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

/* Features of PC/SC part 10 that we use. CM_IOCTL_GET_FEATURE_REQUEST is a macro with arguments, which does not import. */
static inline DWORD tender_pcsc_feature_request(void) { return CM_IOCTL_GET_FEATURE_REQUEST; }

/* PIN_VERIFY_STRUCTURE (part 10, 2.5.2) in the machine's byte order, for a PIN block of ISO 9564-1 format 2 in a VERIFY command:
   digits in BCD from the second byte of the data on, at the left; their number in the four bits after the first four. */
static inline size_t tender_pcsc_pin_verify(
    uint8_t *structure, size_t capacity, uint8_t seconds, uint8_t minimum, uint8_t maximum, const uint8_t *command,
    size_t length)
{
    PIN_VERIFY_STRUCTURE verify = {
        .bTimerOut = seconds, .bTimerOut2 = seconds, .bmFormatString = 0x89, .bmPINBlockString = 0x47,
        .bmPINLengthFormat = 0x04, .wPINMaxExtraDigit = (uint16_t)(minimum << 8 | maximum),
        .bEntryValidationCondition = 0x02, .bNumberMessage = 0x01, .wLangId = 0x0804, .ulDataLength = (uint32_t)length,
    };
    size_t header = offsetof(PIN_VERIFY_STRUCTURE, abData);
    if (capacity < header + length) return 0;
    memcpy(structure, &verify, header);
    memcpy(structure + header, command, length);
    return header + length;
}

#endif
