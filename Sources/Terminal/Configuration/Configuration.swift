public import Engine
import FoundationEssentials
import Payments

/// What a terminal needs to know before it starts: one strict JSON file (docs/configuration.md).
public struct Configuration: Equatable, Sendable, Decodable {
    /// Whether money is real.
    public enum Mode: String, CaseIterable, Sendable {
        /// Real cards, real devices.
        case live
        /// Simulated devices and the published test key, and nothing else.
        case simulation
    }

    /// Whether money is real.
    public let mode: Mode
    /// Who this terminal is.
    public let terminal: TerminalSettings
    /// Where journal, keys and control socket are kept.
    public let files: FileSettings
    /// How the acquirer is reached and spoken to.
    public let acquirer: AcquirerSettings
    /// The reader of cards that are inserted.
    public let reader: ReaderSettings
    /// The reader of cards and phones that are tapped; without one, nobody taps.
    public let contactlessReader: ReaderSettings?
    /// The PIN pad; without one, cards that want an online PIN take their next method.
    public let pinPad: PINPadSettings?
    /// The receipt printer; without one, receipts are printed later or shown by `tenderctl receipt show`.
    public let printer: PrinterSettings?
    /// The scanner; without one, nothing is scanned.
    public let scanner: ScannerSettings?
    /// What the customer reads beside the PIN pad's own display.
    public let displays: [DisplaySettings]
    /// What is printed for a payment, and how.
    public let receipts: ReceiptSettings
    /// Card applications, CA keys and terminal data.
    public let emv: EMVSettings
    /// How long the terminal waits for people.
    public let waits: WaitSettings
    /// What the shop takes without the acquirer's word.
    public let store: StorePolicy
    /// When batches are closed, and how long records are kept.
    public let books: BookSettings

    private enum CodingKeys: String, CodingKey {
        case mode, terminal, files, acquirer, reader, contactlessReader, pinPad, printer, scanner, displays, receipts
        case emv, waits, store, books
    }

    /// Reads the whole file strictly.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        mode = try container.choice(.mode)
        terminal = try container.decode(TerminalSettings.self, forKey: .terminal)
        files = try container.decode(FileSettings.self, forKey: .files)
        acquirer = try container.decode(AcquirerSettings.self, forKey: .acquirer)
        reader = try container.decode(ReaderSettings.self, forKey: .reader)
        contactlessReader = try container.decodeIfPresent(ReaderSettings.self, forKey: .contactlessReader)
        pinPad = try container.decodeIfPresent(PINPadSettings.self, forKey: .pinPad)
        printer = try container.decodeIfPresent(PrinterSettings.self, forKey: .printer)
        scanner = try container.decodeIfPresent(ScannerSettings.self, forKey: .scanner)
        displays = try container.value(.displays, or: [DisplaySettings]())
        receipts = try container.decodeIfPresent(ReceiptSettings.self, forKey: .receipts) ?? ReceiptSettings()
        emv = try container.decode(EMVSettings.self, forKey: .emv)
        waits = try container.decodeIfPresent(WaitSettings.self, forKey: .waits) ?? WaitSettings()
        store = try container.decodeIfPresent(StoreSettings.self, forKey: .store)?.policy ?? StorePolicy()
        books = try container.decodeIfPresent(BookSettings.self, forKey: .books) ?? BookSettings()
        if case .pcsc(let field) = contactlessReader, case .pcsc(let slot) = reader {
            guard slot != nil else { throw container.invalid(.reader, "name it: there is a contactless reader too") }
            guard field != nil else { throw container.invalid(.contactlessReader, "must be named") }
            guard slot != field else { throw container.invalid(.contactlessReader, "is the reader of inserted cards") }
        }
        if mode == .live {
            for (key, reader) in [(CodingKeys.reader, reader), (.contactlessReader, contactlessReader)] {
                if case .vpcd = reader {
                    throw container.invalid(key, "vpcd is a simulated reader: mode must be simulation")
                }
            }
            if case .simulated = pinPad {
                throw container.invalid(.pinPad, "this is a simulated PIN pad: mode must be simulation")
            }
        }
    }

    /// Reads the file at `path`. Relative paths in it count from its folder.
    public static func load(_ path: String) throws(ConfigurationError) -> Configuration {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw ConfigurationError("", "cannot be read: \(FileReason.of(path))")
        }
        return try decode(data, folder: URL(filePath: path).deletingLastPathComponent().path)
    }

    /// Reads the text of a configuration file.
    static func decode(_ data: Data, folder: String) throws(ConfigurationError) -> Configuration {
        let decoder = JSONDecoder()
        decoder.userInfo[.configurationFolder] = folder
        // The amounts of every section are of the terminal's currency. What is wrong with it is said in its own place.
        decoder.userInfo[.configurationCurrency] = try? decoder.decode(CurrencyOfFile.self, from: data).terminal
            .currency
        do {
            return try decoder.decode(Configuration.self, from: data)
        } catch let error as DecodingError {
            throw ConfigurationError(error)
        } catch {
            throw ConfigurationError("", "cannot be read")
        }
    }
}

/// The part of the file that says how amounts are to be read.
private struct CurrencyOfFile: Decodable {
    struct Terminal: Decodable { let currency: Currency? }
    let terminal: Terminal
}

extension CodingUserInfoKey {
    /// The folder that relative paths of the file count from.
    static let configurationFolder: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "folder") else { preconditionFailure("a plain text is a key") }
        return key
    }()
    /// The currency of the file's amounts.
    static let configurationCurrency: CodingUserInfoKey = {
        guard let key = CodingUserInfoKey(rawValue: "currency") else { preconditionFailure("a plain text is a key") }
        return key
    }()
}
