import HAL
import Payments
import Wire

/// What the terminal says to the simulated PIN pad: one line on a connection of its own. Closing it ends the request.
enum PINPadRequest: Equatable, Sendable {
    case loadPINKey(EncryptedKey)
    case enterPIN(PINRequest)
    case show(BilingualText, Money?)
    case status

    /// Longest line with its line feed.
    static let limit = 1024

    var line: [UInt8] {
        let words: [String] =
            switch self {
            case .loadPINKey(let key):
                ["key", key.algorithm.rawValue, Hex.encode(key.cipherText), Hex.encode(key.checkValue)]
            case .enterPIN(let request):
                ["pin", request.pan.digits] + Self.words(request.amount)
                    + [String(request.minimumLength), String(request.maximumLength)]
            case .show(let text, let amount):
                ["show", Hex.encode(Array(text.chinese.utf8)), Hex.encode(Array(text.english.utf8))]
                    + (amount.map(Self.words) ?? [])
            case .status: ["status"]
            }
        return Array((words.joined(separator: " ") + "\n").utf8)
    }

    init?(line: some Sequence<UInt8>) {
        let words = String(decoding: Array(line), as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        switch (words.first, words.count) {
        case ("key", 4):
            guard let algorithm = KeyAlgorithm(rawValue: words[1]), let cipherText = try? Hex.decode(words[2]),
                let checkValue = try? Hex.decode(words[3])
            else { return nil }
            self = .loadPINKey(EncryptedKey(cipherText: cipherText, checkValue: checkValue, algorithm: algorithm))
        case ("pin", 6):
            guard let pan = PAN(words[1]), let amount = Self.money(words[2...3]), let minimum = Int(words[4]),
                let maximum = Int(words[5]), 4 <= minimum, minimum <= maximum, maximum <= 12
            else { return nil }
            let request = PINRequest(pan: pan, amount: amount, minimumLength: minimum, maximumLength: maximum)
            self = .enterPIN(request)
        case ("show", 3), ("show", 5):
            guard let chinese = try? Hex.decode(words[1]), let english = try? Hex.decode(words[2]) else { return nil }
            let amount = Self.money(words[3...])
            guard words.count == 3 || amount != nil else { return nil }
            let text = BilingualText(String(decoding: chinese, as: UTF8.self), String(decoding: english, as: UTF8.self))
            self = .show(text, amount)
        case ("status", 1): self = .status
        default: return nil
        }
    }

    private static func words(_ amount: Money) -> [String] { [String(amount.minorUnits), amount.currency.code] }

    private static func money(_ words: ArraySlice<String>) -> Money? {
        guard let units = words.first.flatMap({ Int64($0) }), let currency = words.last.flatMap(Currency.init(code:))
        else { return nil }
        return Money(minorUnits: units, currency)
    }
}

/// What the simulated PIN pad answers, also a line.
enum PINPadReply: Equatable, Sendable {
    /// Loaded or shown.
    case done
    /// Has no PIN key, or did not take one.
    case refused
    case block([UInt8])
    case bypassed
    case cancelled
    /// The check value of the PIN key, empty without one.
    case ready([UInt8])

    var line: [UInt8] {
        let words =
            switch self {
            case .done: "done"
            case .refused: "refused"
            case .block(let block): "block \(Hex.encode(block))"
            case .bypassed: "bypassed"
            case .cancelled: "cancelled"
            case .ready(let checkValue): "ready \(Hex.encode(checkValue))"
            }
        return Array((words + "\n").utf8)
    }

    init?(line: some Sequence<UInt8>) {
        let words = String(decoding: Array(line), as: UTF8.self)
            .split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        switch (words.first, words.count) {
        case ("done", 1): self = .done
        case ("refused", 1): self = .refused
        case ("bypassed", 1): self = .bypassed
        case ("cancelled", 1): self = .cancelled
        case ("block", 2):
            guard let block = try? Hex.decode(words[1]), block.count == 8 || block.count == 16 else { return nil }
            self = .block(block)
        case ("ready", 2):
            guard let checkValue = try? Hex.decode(words[1]) else { return nil }
            self = .ready(checkValue)
        default: return nil
        }
    }
}
