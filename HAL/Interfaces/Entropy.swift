/// Unpredictable bytes, as a device: the kernel's in the shop, seeded ones in a simulated world.
public protocol Entropy: Sendable {
    /// `count` bytes nobody can foretell.
    func bytes(_ count: Int) throws(DeviceError) -> [UInt8]
}
