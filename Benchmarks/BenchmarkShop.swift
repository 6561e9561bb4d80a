import FoundationEssentials
import Journaling
import PaymentCryptography
import SimulatedCards
import SimulatedDevices
import SimulatedShop

extension Shop {
    /// A shop with its files in `folder`, which is made. The daemon speaks the vpcd protocol itself, and there is no
    /// printer unless one is asked for.
    static func forBenchmark(in folder: String, hasPrinter: Bool = false) throws -> Shop {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let probe = try PaperPrinter()
        let port = probe.port
        probe.stop()
        let pin = CardLibrary.accounts[0].pin
        let shop = try Shop(
            folder: folder, ShopConfiguration(reader: .vpcd(port: port)),
            customer: { _ in .enters(pin) })
        var settings = shop.configuration
        if !hasPrinter { settings.printerPort = nil }
        try shop.write(settings)
        return shop
    }

    /// The journal of its daemon, which must not run.
    func journal() throws -> Journal {
        let keys = try KeyStore(
            path: "\(folder)/keys.json", keyEncryptionKey: try FileKeyEncryptionKey(path: "\(folder)/kek"))
        return try Journal(path: "\(folder)/journal.db", key: try keys.journalKey())
    }
}
