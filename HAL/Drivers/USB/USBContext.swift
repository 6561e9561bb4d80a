import CLibUSB
import HAL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// libusb's context and the thread that handles its events. The context ends after the last device that came from it.
final class USBContext: Sendable {
    private let loop: EventLoop

    init() throws(DeviceError) { loop = try EventLoop() }

    deinit { loop.end() }

    /// Begins to handle events. `look` is called on that thread each time something has been plugged in or out; where libusb
    /// cannot tell, each second.
    func start(_ look: @escaping @Sendable () -> Void) { loop.start(look) }

    /// The devices on the bus now.
    func devices() throws(DeviceError) -> [USBDeviceReference] {
        var list: UnsafeMutablePointer<OpaquePointer?>?
        let count = libusb_get_device_list(loop.context, &list)
        try check(Int32(clamping: count), "libusb_get_device_list")
        defer { libusb_free_device_list(list, 1) }
        return (0..<count).compactMap { index in
            list?[index].map { USBDeviceReference(retaining: $0, of: self) }
        }
    }
}

/// Owns the context; the thread keeps it until it has ended.
private final class EventLoop: Sendable {
    nonisolated(unsafe) let context: OpaquePointer
    private let isEnded = Atomic(false)
    private let hasNews = Atomic(false)

    private static let idleSeconds = 60

    init() throws(DeviceError) {
        var made: OpaquePointer?
        try check(libusb_init(&made), "libusb_init")
        guard let made else { throw DeviceError(.other, "libusb_init") }
        context = made
    }

    deinit { libusb_exit(context) }

    func start(_ look: @escaping @Sendable () -> Void) {
        DeviceThread.detach(name: "usb") { self.run(look) }
    }

    func end() {
        isEnded.store(true, ordering: .releasing)
        libusb_interrupt_event_handler(context)
    }

    private func run(_ look: () -> Void) {
        var registration: libusb_hotplug_callback_handle = 0
        let isTold = libusb_has_capability(LIBUSB_CAP_HAS_HOTPLUG.rawValue) != 0 && register(&registration)
        while !isEnded.load(ordering: .acquiring) {
            if !isTold || hasNews.exchange(false, ordering: .acquiringAndReleasing) { look() }
            var patience = timeval(tv_sec: isTold ? Self.idleSeconds : 1, tv_usec: 0)
            // What cannot be waited for must not be asked for all the time.
            if libusb_handle_events_timeout_completed(context, &patience, nil) < 0 { poll(nil, 0, 1000) }
        }
        if isTold { libusb_hotplug_deregister_callback(context, registration) }
    }

    /// The callback only notes that there is news: what has changed is seen by looking, outside of libusb's own work.
    private func register(_ registration: inout libusb_hotplug_callback_handle) -> Bool {
        let events = LIBUSB_HOTPLUG_EVENT_DEVICE_ARRIVED.rawValue | LIBUSB_HOTPLUG_EVENT_DEVICE_LEFT.rawValue
        // What came between the first look and now is news too.
        hasNews.store(true, ordering: .releasing)
        return libusb_hotplug_register_callback(
            context, Int32(events), 0, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY, LIBUSB_HOTPLUG_MATCH_ANY,
            { _, _, _, loop in
                guard let loop else { return 0 }
                Unmanaged<EventLoop>.fromOpaque(loop).takeUnretainedValue().hasNews.store(true, ordering: .releasing)
                return 0
            }, Unmanaged.passUnretained(self).toOpaque(), &registration) == 0
    }
}
