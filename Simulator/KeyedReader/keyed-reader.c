/*
 * An IFD handler for pcscd that gives vsmartcard's virtual reader keys of its own: FEATURE_VERIFY_PIN_DIRECT of PC/SC part 10.
 * Everything else goes through to libifdvpcd. For tests: Scripts/private-pcscd builds it and gives it to a reader.
 *
 * The keys are a program that listens on the loopback port two above the reader's first (ReaderKeys in SimulatedDevices).
 * Asked `pin MINIMUM MAXIMUM`, one line, it answers one line: `enter DIGITS`, `cancel`, or nothing at all.
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <ifdhandler.h>
#include <reader.h>

#define CONTROL_VERIFY SCARD_CTL_CODE(3401)
/* A copy of its own: the library keeps its readers in static variables. */
#define VPCD "/run/vpcd-drivers/libifdvpcd.so"
#define DEFAULT_SECONDS 15

static int keys_port;

static void *vpcd(const char *name)
{
    static void *library;
    if (library == NULL)
        library = dlopen(VPCD, RTLD_NOW | RTLD_LOCAL);
    return library == NULL ? NULL : dlsym(library, name);
}

/* Calls the function of the same name in libifdvpcd. */
#define FORWARD(parameters, ...) \
    do { \
        RESPONSECODE (*function) parameters = (RESPONSECODE(*) parameters)vpcd(__func__); \
        return function == NULL ? IFD_COMMUNICATION_ERROR : function(__VA_ARGS__); \
    } while (0)

RESPONSECODE IFDHCreateChannelByName(DWORD lun, LPSTR device)
{
    const char *port = strchr(device, ':');
    if (port != NULL)
        keys_port = (int)strtol(port + 1, NULL, 0) + 2;
    FORWARD((DWORD, LPSTR), lun, device);
}

RESPONSECODE IFDHCreateChannel(DWORD lun, DWORD channel) { FORWARD((DWORD, DWORD), lun, channel); }

RESPONSECODE IFDHCloseChannel(DWORD lun) { FORWARD((DWORD), lun); }

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value)
{
    FORWARD((DWORD, DWORD, PDWORD, PUCHAR), lun, tag, length, value);
}

RESPONSECODE IFDHSetCapabilities(DWORD lun, DWORD tag, DWORD length, PUCHAR value)
{
    FORWARD((DWORD, DWORD, DWORD, PUCHAR), lun, tag, length, value);
}

RESPONSECODE IFDHSetProtocolParameters(DWORD lun, DWORD protocol, UCHAR flags, UCHAR pts1, UCHAR pts2, UCHAR pts3)
{
    FORWARD((DWORD, DWORD, UCHAR, UCHAR, UCHAR, UCHAR), lun, protocol, flags, pts1, pts2, pts3);
}

RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD length)
{
    FORWARD((DWORD, DWORD, PUCHAR, PDWORD), lun, action, atr, length);
}

RESPONSECODE IFDHTransmitToICC(
    DWORD lun, SCARD_IO_HEADER send, PUCHAR command, DWORD command_length, PUCHAR response, PDWORD response_length,
    PSCARD_IO_HEADER receive)
{
    FORWARD(
        (DWORD, SCARD_IO_HEADER, PUCHAR, DWORD, PUCHAR, PDWORD, PSCARD_IO_HEADER), lun, send, command, command_length,
        response, response_length, receive);
}

RESPONSECODE IFDHICCPresence(DWORD lun) { FORWARD((DWORD), lun); }

/* What the customer typed, at most 12 digits; 0 for cancel, -1 for nothing in time. */
static int ask(int minimum, int maximum, int seconds, char digits[13])
{
    char text[64];
    int length = 0;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)keys_port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int keys = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int result = -1;
    if (keys < 0)
        return -1;
    if (connect(keys, (struct sockaddr *)&address, sizeof address) == 0) {
        int size = snprintf(text, sizeof text, "pin %d %d\n", minimum, maximum);
        struct pollfd wait = {.fd = keys, .events = POLLIN};
        if (send(keys, text, (size_t)size, MSG_NOSIGNAL) == size) {
            while (length < (int)sizeof text - 1 && poll(&wait, 1, seconds * 1000) > 0) {
                ssize_t count = recv(keys, text + length, sizeof text - 1 - (size_t)length, 0);
                if (count <= 0)
                    break;
                length += (int)count;
                if (text[length - 1] == '\n')
                    break;
            }
        }
        text[length] = 0;
        if (strcmp(text, "cancel\n") == 0)
            result = 0;
        else if (sscanf(text, "enter %12[0-9]\n", digits) == 1)
            result = (int)strlen(digits);
    }
    memset(text, 0, sizeof text);
    close(keys);
    return result;
}

static void set_nibble(PUCHAR data, int position, int nibble)
{
    data[position / 2] = (UCHAR)(position % 2 == 0 ? (data[position / 2] & 0x0F) | nibble << 4 : (data[position / 2] & 0xF0) | nibble);
}

/* PC/SC part 10, 2.5.2: BCD digits, left justified, and the length where the structure says. */
static RESPONSECODE verify(DWORD lun, const UCHAR *bytes, DWORD length, PUCHAR response, DWORD capacity, PDWORD returned)
{
    PIN_VERIFY_STRUCTURE structure;
    UCHAR command[5 + 255];
    char digits[13] = "";
    const DWORD header = offsetof(PIN_VERIFY_STRUCTURE, abData);
    UCHAR status[2] = {0x90, 0x00};
    if (length < header || capacity < 2)
        return IFD_COMMUNICATION_ERROR;
    memcpy(&structure, bytes, header);
    int is_in_bytes = structure.bmFormatString & 0x80, position = structure.bmFormatString >> 3 & 0x0F;
    int size_bits = structure.bmPINBlockString >> 4, block = structure.bmPINBlockString & 0x0F;
    int minimum = structure.wPINMaxExtraDigit >> 8, maximum = structure.wPINMaxExtraDigit & 0xFF;
    if ((structure.bmFormatString & 0x07) != 0x01 || !is_in_bytes || size_bits != 4 || structure.bmPINLengthFormat & 0x10
        || structure.bmPINLengthFormat % 4 != 0 || structure.ulDataLength != length - header || length - header < 5
        || length - header > sizeof command || 5 + (DWORD)(position + block) > length - header || maximum > block * 2
        || maximum > 12) {
        status[0] = 0x6B, status[1] = 0x80; /* a parameter in the structure is wrong */
    } else {
        int count = ask(minimum, maximum, structure.bTimerOut ? structure.bTimerOut : DEFAULT_SECONDS, digits);
        if (count < 0)
            status[0] = 0x64, status[1] = 0x00; /* time is over */
        else if (count == 0)
            status[0] = 0x64, status[1] = 0x01; /* cancelled */
        else if (count < minimum || count > maximum)
            status[0] = 0x64, status[1] = 0x03; /* length */
        else {
            SCARD_IO_HEADER send = {.Protocol = 1, .Length = sizeof send}, receive = {0, 0};
            DWORD answered = capacity;
            memcpy(command, bytes + header, length - header);
            for (int index = 0; index < count; index++)
                set_nibble(command + 5, 2 * position + index, digits[index] - '0');
            set_nibble(command + 5, structure.bmPINLengthFormat / 4, count);
            RESPONSECODE code =
                IFDHTransmitToICC(lun, send, command, length - header, response, &answered, &receive);
            memset(command, 0, sizeof command);
            memset(digits, 0, sizeof digits);
            *returned = code == IFD_SUCCESS ? answered : 0;
            return code;
        }
    }
    memcpy(response, status, sizeof status);
    *returned = sizeof status;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHControl(
    DWORD lun, DWORD code, PUCHAR command, DWORD command_length, PUCHAR response, DWORD capacity, PDWORD returned)
{
    *returned = 0;
    if (code == CM_IOCTL_GET_FEATURE_REQUEST) {
        PCSC_TLV_STRUCTURE feature = {FEATURE_VERIFY_PIN_DIRECT, 4, htonl(CONTROL_VERIFY)};
        if (capacity < sizeof feature)
            return IFD_COMMUNICATION_ERROR;
        memcpy(response, &feature, sizeof feature);
        *returned = sizeof feature;
        return IFD_SUCCESS;
    }
    if (code == CONTROL_VERIFY)
        return verify(lun, command, command_length, response, capacity, returned);
    return IFD_ERROR_NOT_SUPPORTED;
}
