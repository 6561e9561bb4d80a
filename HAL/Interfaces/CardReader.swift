/// A slot or a field that speaks APDUs with one card at a time. With keys of its own (PC/SC part 10) it also takes PINs.
/// Every wait has a deadline, and ends with `DeviceError.Kind.cancelled` when the calling task is cancelled.
public protocol CardReader: OfflinePINEntry, Device {
    /// Waits for a card, powers it and returns its answer to reset. A card already there counts, however short the wait.
    func awaitCard(deadline: Uptime) async throws(DeviceError) -> [UInt8]
    /// Sends a command APDU and returns the response with its two status bytes. Throws `.cardRemoved` when the card
    /// left, `.timeout` when it did not answer in time.
    func transmit(_ command: [UInt8], deadline: Uptime) async throws(DeviceError) -> [UInt8]
    /// Removes power from the card. Never fails: a card that left is powered down already.
    func powerDown() async
    /// Waits until no card is in the slot.
    func awaitRemoval(deadline: Uptime) async throws(DeviceError)
}
