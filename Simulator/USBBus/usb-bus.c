// A USB bus without hardware: what libusb asks of the kernel (usbfs, <linux/usbdevice_fs.h>) is passed to whoever started
// this program, who plays the devices. It knows no device and decides nothing that a device decides.
//
// To be run as `umockdev-wrapper usb-bus`; programs that shall see the bus need LD_PRELOAD=libumockdev-preload.so.0 and
// UMOCKDEV_DIR. It ends, and takes its folder along, at the end of standard input and at SIGTERM.
//
// Messages both ways: length of the rest (u32), kind (u8), contents; numbers as this machine writes them.
//   to the bus                                              from the bus
//   P plug: device u8, drivers, port, record                R ready: UMOCKDEV_DIR
//   U unplug: device u8                                     P plugged, U unplugged: device u8
//   C complete: URB u32, status i32, actual u32, data       S submitted: device u8, URB u32, type u8, endpoint u8, length u32, data
//                                                           D discard, to be completed: device u8, URB u32
//                                                           I interface: device u8, event u8, interface u8
//                                                           H halt cleared: device u8, endpoint u8
//                                                           X reset, O opened, K closed: device u8
// Drivers: count u8, then per interface the name of the kernel's driver; a name, like the port, is a length u8 and its
// bytes. The record is sysfs as umockdev writes it, without node. Interface events: c claimed, r released, d driver
// detached, a driver attached. Of a control transfer `data` begins with the 8 bytes of setup, which `length` leaves out.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <glib-unix.h>
#include <linux/usbdevice_fs.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <umockdev.h>
#include <unistd.h>

enum { MESSAGE_LIMIT = 4 << 20, INTERFACES = 32, DEVICES = 128, SETUP = 8 };
#define BUS_PATH "/sys/devices/pci0000:00/0000:00:14.0/usb1"

typedef struct {
    uint32_t id;
    UMockdevIoctlClient *client;
    UMockdevIoctlData *urb, *buffer;
    int32_t status;
    uint32_t actual;
    GBytes *data;
} Request;

// Lives as long as its UMockdevIoctlBase, which its clients keep.
typedef struct {
    uint8_t number;
    gboolean gone;
    int gate; // the device's node, a pipe: full while there is nothing to reap, so that poll() waits
    gboolean gate_open;
    char *drivers[INTERFACES];
    gboolean detached[INTERFACES];
    UMockdevIoctlClient *owners[INTERFACES];
    GQueue pending, done; // of Request
} Device;

static GMutex lock; // around all that follows: umockdev answers clients on a thread of its own
static UMockdevTestbed *testbed;
static UMockdevIoctlBase *devices[DEVICES];
static char *ports[DEVICES];
static uint32_t last_id;

// Messages

static gboolean write_all(const void *bytes, size_t count) {
    for (const char *at = bytes; count > 0;) {
        ssize_t written = write(STDOUT_FILENO, at, count);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return FALSE;
        at += written;
        count -= (size_t)written;
    }
    return TRUE;
}

static gboolean read_all(void *bytes, size_t count) {
    for (char *at = bytes; count > 0;) {
        ssize_t taken = read(STDIN_FILENO, at, count);
        if (taken < 0 && errno == EINTR) continue;
        if (taken <= 0) return FALSE;
        at += taken;
        count -= (size_t)taken;
    }
    return TRUE;
}

static void tell(char kind, const void *contents, size_t count) {
    uint32_t length = (uint32_t)(count + 1);
    // Nobody listens any more: the end of standard input is about to be seen.
    if (!write_all(&length, sizeof length) || !write_all(&kind, 1)) return;
    write_all(contents, count);
}

static void tell_event(char kind, const Device *device, uint8_t a, uint8_t b, size_t count) {
    tell(kind, (uint8_t[]){device->number, a, b}, count);
}

// Requests

static void free_request(Request *request) {
    g_clear_object(&request->urb);
    g_clear_object(&request->buffer);
    if (request->data) g_bytes_unref(request->data);
    g_free(request);
}

static void set_gate(Device *device) {
    gboolean open = device->done.length > 0;
    static char page[4096];
    if (open == device->gate_open) return;
    ssize_t moved = open ? read(device->gate, page, sizeof page) : write(device->gate, page, sizeof page);
    if (moved > 0) device->gate_open = open;
}

static void finish(Device *device, Request *request, int32_t status, uint32_t actual, GBytes *data) {
    g_queue_remove(&device->pending, request);
    request->status = status;
    request->actual = actual;
    request->data = data;
    g_queue_push_tail(&device->done, request);
    set_gate(device);
}

// In the URB of the client, in the thread that may touch its memory.
static void write_back(Request *request) {
    struct usbdevfs_urb *urb = (void *)request->urb->data;
    urb->status = request->status;
    urb->actual_length = (int)request->actual;
    if (!request->data || !request->buffer) return;
    size_t setup = urb->type == USBDEVFS_URB_TYPE_CONTROL ? SETUP : 0;
    size_t room = (size_t)request->buffer->data_len - setup, count;
    const void *bytes = g_bytes_get_data(request->data, &count);
    // More than there is room for: the host controller reports babble.
    if (count > room) urb->status = -EOVERFLOW;
    if (count > room) count = room;
    urb->actual_length = (int)count;
    if (count > 0) memcpy(request->buffer->data + setup, bytes, count);
}

static int submit(Device *device, UMockdevIoctlClient *client) {
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(
        umockdev_ioctl_client_get_arg(client), 0, sizeof(struct usbdevfs_urb), NULL);
    if (!data) return EFAULT;
    struct usbdevfs_urb *urb = (void *)data->data;
    size_t setup = urb->type == USBDEVFS_URB_TYPE_CONTROL ? SETUP : 0;
    gboolean is_known = urb->type == USBDEVFS_URB_TYPE_CONTROL || urb->type == USBDEVFS_URB_TYPE_BULK ||
                        urb->type == USBDEVFS_URB_TYPE_INTERRUPT;
    if (!is_known || urb->buffer_length < (int)setup || urb->buffer_length > MESSAGE_LIMIT) {
        g_object_unref(data);
        return EINVAL;
    }
    Request *request = g_new0(Request, 1);
    request->id = ++last_id;
    request->client = client;
    request->urb = data;
    uint8_t type = urb->type, endpoint = urb->endpoint;
    uint32_t size = (uint32_t)urb->buffer_length, length = size - (uint32_t)setup;
    if (size > 0) {
        request->buffer =
            umockdev_ioctl_data_resolve(data, offsetof(struct usbdevfs_urb, buffer), size, NULL);
        if (!request->buffer) {
            free_request(request);
            return EFAULT;
        }
    }
    gboolean is_input = setup ? (request->buffer->data[0] & 0x80) != 0 : (endpoint & 0x80) != 0;
    size_t sent = is_input ? setup : size;
    GByteArray *message = g_byte_array_new();
    g_byte_array_append(message, &device->number, 1);
    g_byte_array_append(message, (void *)&request->id, sizeof request->id);
    g_byte_array_append(message, (uint8_t[]){type, endpoint}, 2);
    g_byte_array_append(message, (void *)&length, sizeof length);
    if (sent > 0) g_byte_array_append(message, request->buffer->data, (guint)sent);
    g_queue_push_tail(&device->pending, request);
    tell('S', message->data, message->len);
    g_byte_array_unref(message);
    return 0;
}

static int reap(Device *device, UMockdevIoctlClient *client) {
    for (GList *at = device->done.head; at; at = at->next) {
        Request *request = at->data;
        if (request->client != client) continue;
        UMockdevIoctlData *place =
            umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0, sizeof(void *), NULL);
        if (!place) return EFAULT;
        write_back(request);
        umockdev_ioctl_data_set_ptr(place, 0, request->urb);
        g_object_unref(place);
        g_queue_delete_link(&device->done, at);
        free_request(request);
        set_gate(device);
        return 0;
    }
    return device->gone ? ENODEV : EAGAIN;
}

static int discard(Device *device, UMockdevIoctlClient *client) {
    unsigned long address;
    memcpy(&address, umockdev_ioctl_client_get_arg(client)->data, sizeof address);
    for (GList *at = device->pending.head; at; at = at->next) {
        Request *request = at->data;
        if (request->client != client || request->urb->client_addr != address) continue;
        uint8_t message[5] = {device->number};
        memcpy(message + 1, &request->id, sizeof request->id);
        tell('D', message, sizeof message);
        return 0;
    }
    return EINVAL;
}

// Interfaces and their drivers, as drivers/usb/core/devio.c answers for them

static int claim(Device *device, UMockdevIoctlClient *client, unsigned interface) {
    if (interface >= INTERFACES) return EINVAL;
    if (device->owners[interface] == client) return 0;
    if (device->owners[interface] || (device->drivers[interface] && !device->detached[interface])) return EBUSY;
    device->owners[interface] = client;
    tell_event('I', device, 'c', (uint8_t)interface, 3);
    return 0;
}

static int release(Device *device, UMockdevIoctlClient *client, unsigned interface) {
    if (interface >= INTERFACES || device->owners[interface] != client) return EINVAL;
    device->owners[interface] = NULL;
    tell_event('I', device, 'r', (uint8_t)interface, 3);
    return 0;
}

static int detach(Device *device, unsigned interface) {
    if (interface >= INTERFACES) return EINVAL;
    if (!device->drivers[interface] || device->detached[interface]) return ENODATA;
    device->detached[interface] = TRUE;
    tell_event('I', device, 'd', (uint8_t)interface, 3);
    return 0;
}

// What the ioctl returns: 1 if a driver took the interface, 0 if none wants it, or an errno below 0.
static int attach(Device *device, unsigned interface) {
    if (interface >= INTERFACES) return -EINVAL;
    if (device->owners[interface]) return -EBUSY;
    if (!device->drivers[interface]) return 0;
    if (!device->detached[interface]) return -EBUSY;
    device->detached[interface] = FALSE;
    tell_event('I', device, 'a', (uint8_t)interface, 3);
    return 1;
}

static const char *driver(Device *device, unsigned interface) {
    if (interface >= INTERFACES) return NULL;
    if (device->owners[interface]) return "usbfs";
    return device->detached[interface] ? NULL : device->drivers[interface];
}

static int disconnect_claim(Device *device, UMockdevIoctlClient *client, struct usbdevfs_disconnect_claim *order) {
    const char *bound = driver(device, order->interface);
    if (bound) {
        gboolean is_named = strncmp(bound, order->driver, sizeof order->driver) == 0;
        if ((order->flags & USBDEVFS_DISCONNECT_CLAIM_IF_DRIVER) && !is_named) return EBUSY;
        if ((order->flags & USBDEVFS_DISCONNECT_CLAIM_EXCEPT_DRIVER) && is_named) return EBUSY;
        if (!device->owners[order->interface]) detach(device, order->interface);
    }
    return claim(device, client, order->interface);
}

// What devices are asked

static void *argument(UMockdevIoctlClient *client, size_t size) {
    UMockdevIoctlData *data = umockdev_ioctl_data_resolve(umockdev_ioctl_client_get_arg(client), 0, size, NULL);
    if (!data) return NULL;
    void *bytes = data->data;
    g_object_unref(data); // its parent keeps it
    return bytes;
}

static int answer(Device *device, UMockdevIoctlClient *client, long *result) {
    unsigned long request = umockdev_ioctl_client_get_request(client) & 0xFFFFFFFF;
    if (request == USBDEVFS_REAPURBNDELAY) return reap(device, client);
    if (device->gone) return ENODEV;
    if (request == USBDEVFS_SUBMITURB) return submit(device, client);
    if (request == USBDEVFS_DISCARDURB) return discard(device, client);
    if (request == USBDEVFS_RESET) return tell_event('X', device, 0, 0, 1), 0;
    if (request == USBDEVFS_GET_SPEED) return *result = 2, 0;

    void *bytes = _IOC_SIZE(request) > 0 ? argument(client, _IOC_SIZE(request)) : NULL;
    if (!bytes) return ENOTTY;
    unsigned *number = bytes;
    switch (request) {
    case USBDEVFS_GET_CAPABILITIES:
        *number = USBDEVFS_CAP_ZERO_PACKET | USBDEVFS_CAP_NO_PACKET_SIZE_LIM | USBDEVFS_CAP_REAP_AFTER_DISCONNECT;
        return 0;
    case USBDEVFS_CLAIMINTERFACE: return claim(device, client, *number);
    case USBDEVFS_RELEASEINTERFACE: return release(device, client, *number);
    case USBDEVFS_DISCONNECT_CLAIM: return disconnect_claim(device, client, bytes);
    case USBDEVFS_SETCONFIGURATION:
    case USBDEVFS_SETINTERFACE: return 0;
    case USBDEVFS_CLEAR_HALT: return tell_event('H', device, (uint8_t)*number, 0, 2), 0;
    case USBDEVFS_GETDRIVER: {
        struct usbdevfs_getdriver *asked = bytes;
        const char *bound = driver(device, asked->interface);
        if (!bound) return ENODATA;
        g_strlcpy(asked->driver, bound, sizeof asked->driver);
        return 0;
    }
    case USBDEVFS_IOCTL: {
        struct usbdevfs_ioctl *order = bytes;
        if (order->ioctl_code == (int)USBDEVFS_DISCONNECT) return detach(device, (unsigned)order->ifno);
        if (order->ioctl_code != (int)USBDEVFS_CONNECT) return ENOTTY;
        int attached = attach(device, (unsigned)order->ifno);
        *result = attached;
        return attached < 0 ? -attached : 0;
    }
    default: return ENOTTY;
    }
}

static gboolean handle_ioctl(UMockdevIoctlBase *base, UMockdevIoctlClient *client, Device *device) {
    (void)base;
    long result = 0;
    g_mutex_lock(&lock);
    int number = answer(device, client, &result);
    g_mutex_unlock(&lock);
    umockdev_ioctl_client_complete(client, number ? -1 : result, number);
    return TRUE;
}

// A closed file, which umockdev tells only by letting go of its client: its requests are killed, its interfaces let go;
// their drivers stay detached.
static void forget_client(gpointer context, GObject *client) {
    Device *device = context;
    g_mutex_lock(&lock);
    GQueue *queues[] = {&device->pending, &device->done};
    for (int queue = 0; queue < 2; queue++) {
        for (GList *at = queues[queue]->head, *next; at; at = next) {
            Request *request = at->data;
            next = at->next;
            if ((void *)request->client != client) continue;
            uint8_t message[5] = {device->number};
            memcpy(message + 1, &request->id, sizeof request->id);
            if (queue == 0 && !device->gone) tell('D', message, sizeof message);
            g_queue_delete_link(queues[queue], at);
            free_request(request);
        }
    }
    set_gate(device);
    for (unsigned interface = 0; interface < INTERFACES; interface++) {
        if ((void *)device->owners[interface] != client) continue;
        device->owners[interface] = NULL;
        if (!device->gone) tell_event('I', device, 'r', (uint8_t)interface, 3);
    }
    if (!device->gone) tell_event('K', device, 0, 0, 1);
    g_mutex_unlock(&lock);
}

static void meet_client(UMockdevIoctlBase *base, UMockdevIoctlClient *client, Device *device) {
    (void)base;
    g_object_weak_ref(G_OBJECT(client), forget_client, device);
    g_mutex_lock(&lock);
    if (!device->gone) tell_event('O', device, 0, 0, 1);
    g_mutex_unlock(&lock);
}

// Plugging

static void free_device(Device *device) {
    for (int interface = 0; interface < INTERFACES; interface++) g_free(device->drivers[interface]);
    if (device->gate >= 0) close(device->gate);
    g_free(device);
}

static char *take_name(const uint8_t **at, const uint8_t *end) {
    if (*at >= end || end - *at - 1 < **at) return NULL;
    char *name = g_strndup((const char *)*at + 1, **at);
    *at += 1 + **at;
    return name;
}

// The node is a pipe of one page, made before the device is announced.
static int make_gate(const char *node) {
    char *root = umockdev_testbed_get_root_dir(testbed), *path = g_strconcat(root, node, NULL);
    char *folder = g_path_get_dirname(path);
    int gate = -1;
    unlink(path);
    if (g_mkdir_with_parents(folder, 0755) == 0 && mkfifo(path, 0666) == 0) gate = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    static const char page[4096];
    if (gate >= 0 && (fcntl(gate, F_SETPIPE_SZ, sizeof page) < 0 || write(gate, page, sizeof page) != sizeof page)) {
        close(gate);
        gate = -1;
    }
    g_free(folder);
    g_free(path);
    g_free(root);
    return gate;
}

static gboolean plug(const uint8_t *at, const uint8_t *end) {
    if (end - at < 2 || at[0] >= DEVICES || devices[at[0]]) return FALSE;
    Device *device = g_new0(Device, 1);
    device->number = *at++;
    unsigned count = *at++;
    UMockdevIoctlBase *base = umockdev_ioctl_base_new();
    g_object_set_data_full(G_OBJECT(base), "device", device, (GDestroyNotify)free_device);
    g_signal_connect(base, "handle-ioctl", G_CALLBACK(handle_ioctl), device);
    g_signal_connect(base, "client-connected", G_CALLBACK(meet_client), device);
    for (unsigned interface = 0; interface < count; interface++) {
        char *name = take_name(&at, end);
        if (!name || interface >= INTERFACES) return FALSE;
        device->drivers[interface] = *name ? name : NULL;
    }
    char *port = take_name(&at, end);
    char *node = g_strdup_printf("/dev/bus/usb/001/%03u", device->number);
    char *record = g_strndup((const char *)at, (gsize)(end - at));
    device->gate = make_gate(node);
    GError *error = NULL;
    // The handler comes first: the record announces the device.
    gboolean is_done = port && device->gate >= 0 && umockdev_testbed_attach_ioctl(testbed, node, base, &error) &&
                       umockdev_testbed_add_from_string(testbed, record, &error);
    if (error) g_printerr("usb-bus: %s\n", error->message);
    devices[device->number] = base;
    ports[device->number] = port;
    g_free(node);
    g_free(record);
    if (!is_done) return FALSE;
    g_mutex_lock(&lock);
    tell_event('P', device, 0, 0, 1);
    g_mutex_unlock(&lock);
    return TRUE;
}

static gboolean unplug(uint8_t number) {
    if (number >= DEVICES || !devices[number]) return FALSE;
    Device *device = g_object_get_data(G_OBJECT(devices[number]), "device");
    g_mutex_lock(&lock);
    device->gone = TRUE;
    while (device->pending.head) finish(device, device->pending.head->data, -ESHUTDOWN, 0, NULL);
    g_mutex_unlock(&lock);
    char *node = g_strdup_printf("/dev/bus/usb/001/%03u", number);
    char *path = g_strdup_printf(BUS_PATH "/%s", ports[number]);
    char *root = umockdev_testbed_get_root_dir(testbed), *file = g_strconcat(root, node, NULL);
    umockdev_testbed_uevent(testbed, path, "remove");
    umockdev_testbed_remove_device(testbed, path);
    umockdev_testbed_detach_ioctl(testbed, node, NULL);
    unlink(file);
    g_free(file);
    g_free(root);
    g_free(path);
    g_free(node);
    g_mutex_lock(&lock);
    tell_event('U', device, 0, 0, 1);
    g_mutex_unlock(&lock);
    g_clear_object(&devices[number]);
    g_clear_pointer(&ports[number], g_free);
    return TRUE;
}

static gboolean complete(const uint8_t *at, const uint8_t *end) {
    uint32_t id, actual;
    int32_t status;
    if (end - at < 12) return FALSE;
    memcpy(&id, at, 4);
    memcpy(&status, at + 4, 4);
    memcpy(&actual, at + 8, 4);
    at += 12;
    g_mutex_lock(&lock);
    for (int number = 0; number < DEVICES; number++) {
        Device *device = devices[number] ? g_object_get_data(G_OBJECT(devices[number]), "device") : NULL;
        for (GList *entry = device ? device->pending.head : NULL; entry; entry = entry->next) {
            Request *request = entry->data;
            if (request->id != id) continue;
            gsize count = (gsize)(end - at);
            finish(device, request, status, actual, count > 0 ? g_bytes_new(at, count) : NULL);
            g_mutex_unlock(&lock);
            return TRUE;
        }
    }
    g_mutex_unlock(&lock);
    return TRUE; // killed or unplugged meanwhile
}

static gboolean take_message(gint file, GIOCondition condition, gpointer loop) {
    (void)file;
    (void)condition;
    uint32_t length;
    uint8_t *message = NULL;
    gboolean is_good = read_all(&length, sizeof length) && length >= 1 && length <= MESSAGE_LIMIT;
    if (is_good) {
        message = g_malloc(length);
        is_good = read_all(message, length);
    }
    if (is_good) {
        const uint8_t *contents = message + 1, *end = message + length;
        switch (message[0]) {
        case 'P': is_good = plug(contents, end); break;
        case 'U': is_good = contents < end && unplug(*contents); break;
        case 'C': is_good = complete(contents, end); break;
        default: is_good = FALSE;
        }
        if (!is_good) g_printerr("usb-bus: cannot do message '%c'\n", message[0]);
    }
    g_free(message);
    if (!is_good) g_main_loop_quit(loop);
    return is_good;
}

static gboolean end(gpointer loop) {
    g_main_loop_quit(loop);
    return TRUE;
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    g_unix_signal_add(SIGTERM, end, loop);
    g_unix_signal_add(SIGINT, end, loop);
    testbed = umockdev_testbed_new();
    if (!umockdev_in_mock_environment()) {
        g_printerr("usb-bus: run it as `umockdev-wrapper usb-bus`, or nobody hears of what is plugged in\n");
        g_object_unref(testbed);
        return 64;
    }
    GError *error = NULL;
    if (!umockdev_testbed_add_from_string(
            testbed,
            "P: /devices/pci0000:00/0000:00:14.0/usb1\n"
            "N: bus/usb/001/001\nE: DEVNAME=/dev/bus/usb/001/001\nE: DEVTYPE=usb_device\nE: SUBSYSTEM=usb\n"
            "E: BUSNUM=001\nE: DEVNUM=001\nA: busnum=1\\n\nA: devnum=1\\n\nA: bConfigurationValue=1\\n\nA: speed=480\\n\n"
            "A: idVendor=1d6b\\n\nA: idProduct=0002\\n\n"
            "H: descriptors=12010002090001406B1D020000010302010109021900010100E0000904000001090000000705810304000C\n",
            &error)) {
        g_printerr("usb-bus: %s\n", error->message);
        return 1;
    }
    char *root = umockdev_testbed_get_root_dir(testbed);
    tell('R', root, strlen(root));
    g_unix_fd_add(STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, take_message, loop);
    g_main_loop_run(loop);
    g_object_unref(testbed);
    return 0;
}
