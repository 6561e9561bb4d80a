import CLibUSB
import HAL
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// One transfer, from its submission to libusb's word that it has ended: until then nothing it uses is freed. What it
/// carried is wiped, for scans can pay.
final class USBTransfer: Sendable {
    /// How it ended, and the bytes that went over until then.
    typealias Ending = (status: libusb_transfer_status, count: Int)
    private struct State {
        var isCancelled = false
        var waiting: CheckedContinuation<Result<Ending, DeviceError>, Never>?
    }
    private nonisolated(unsafe) let transfer: UnsafeMutablePointer<libusb_transfer>
    private nonisolated(unsafe) let buffer: UnsafeMutableRawBufferPointer
    /// Outlives its transfers.
    private let handle: USBHandle
    private let state = Mutex(State())

    /// A transfer of `kind` that sends `bytes` or has room for as many; without a time limit for `milliseconds` 0.
    init(
        _ kind: libusb_transfer_type, endpoint: UInt8, bytes: some Collection<UInt8>, milliseconds: Int,
        on handle: USBHandle
    ) throws(DeviceError) {
        guard let transfer = libusb_alloc_transfer(0) else { throw DeviceError(.other, "libusb_alloc_transfer") }
        buffer = .allocate(byteCount: bytes.count, alignment: 16)
        buffer.copyBytes(from: bytes)
        self.transfer = transfer
        self.handle = handle
        transfer.pointee.dev_handle = handle.pointer
        transfer.pointee.endpoint = endpoint
        transfer.pointee.type = UInt8(truncatingIfNeeded: kind.rawValue)
        transfer.pointee.timeout = UInt32(clamping: milliseconds)
        transfer.pointee.buffer = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
        transfer.pointee.length = Int32(clamping: buffer.count)
        transfer.pointee.callback = { USBTransfer.end($0) }
    }

    deinit {
        libusb_free_transfer(transfer)
        if let base = buffer.baseAddress { explicit_bzero(base, buffer.count) }
        buffer.deallocate()
    }

    /// The first `count` bytes behind `start`.
    func bytes(from start: Int = 0, count: Int) -> [UInt8] {
        Array(UnsafeRawBufferPointer(buffer).dropFirst(start).prefix(count))
    }

    /// Submits it and waits for its end; a cancelled task cancels it. Callable once.
    func perform() async throws(DeviceError) -> Ending {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { submit($0) }
        } onCancel: {
            cancel()
        }
        return try result.get()
    }

    /// Ends it soon: at once if it has not been submitted.
    func cancel() {
        state.withLock { state in
            state.isCancelled = true
            // Of one that has ended meanwhile libusb says so, and no more.
            if state.waiting != nil { libusb_cancel_transfer(transfer) }
        }
    }

    private func submit(_ waiting: CheckedContinuation<Result<Ending, DeviceError>, Never>) {
        let failure: DeviceError? = state.withLock { state in
            guard !state.isCancelled else { return DeviceError(LIBUSB_TRANSFER_CANCELLED, "libusb_submit_transfer") }
            state.waiting = waiting
            // The waiting task keeps this object until the callback has woken it.
            transfer.pointee.user_data = Unmanaged.passUnretained(self).toOpaque()
            do throws(DeviceError) {
                try check(libusb_submit_transfer(transfer), "libusb_submit_transfer")
                return nil
            } catch {
                state.waiting = nil
                return error
            }
        }
        if let failure { waiting.resume(returning: .failure(failure)) }
    }

    /// libusb's callback. Waking the task is the last thing done: it may free the transfer and close the device, which
    /// libusb allows from other threads only.
    private static func end(_ transfer: UnsafeMutablePointer<libusb_transfer>?) {
        guard let transfer, let owner = transfer.pointee.user_data else { return }
        let ending = (transfer.pointee.status, Int(max(0, transfer.pointee.actual_length)))
        waiter(of: owner)?.resume(returning: .success(ending))
    }

    @inline(never)
    private static func waiter(
        of owner: UnsafeMutableRawPointer
    ) -> CheckedContinuation<Result<Ending, DeviceError>, Never>? {
        Unmanaged<USBTransfer>.fromOpaque(owner).takeUnretainedValue().state.withLock { state in
            defer { state.waiting = nil }
            return state.waiting
        }
    }
}
