import HAL
import Payments
import Wire

/// What the terminal says to the simulated PIN pad: one line on a connection of its own. Closing it ends the request.
enum PINPadRequest: Equatable, Sendable {
    case loadPINKey(EncryptedKey)
    case enterPIN(PINRequest)
    /// Which ways to the card it has.
    case cardPINMethods
    case enterCardPIN(OfflinePINRequest)
    case choose([String])
    case show(BilingualText, Money?)
    case status

    /// Longest line with its line feed: nine names in hexadecimal, or the key of a card.
    static let limit = 1024
    /// Most applications to choose from: one for each key.
    static let choiceLimit = 9

    var line: [UInt8] {
        let words: [String] =
            switch self {
            case .loadPINKey(let key):
                ["key", key.algorithm.rawValue, Hex.encode(key.cipherText), Hex.encode(key.checkValue)]
            case .enterPIN(let request):
                ["pin", request.pan.digits] + Self.words(request.amount)
                    + [String(request.minimumLength), String(request.maximumLength)]
            case .cardPINMethods: ["card-pin-methods"]
            case .enterCardPIN(let request):
                ["card-pin"] + Self.words(request.amount)
                    + [
                        String(request.minimumLength), String(request.maximumLength),
                        request.triesLeft.map(String.init) ?? "-",
                    ]
                    + (request.key.map {
                        [Hex.encode($0.modulus), String($0.exponent), Hex.encode($0.challenge)]
                    } ?? [])
            case .choose(let names): ["choose"] + names.map { Hex.encode(Array($0.utf8)) }
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
        case ("card-pin-methods", 1): self = .cardPINMethods
        case ("card-pin", 6), ("card-pin", 9):
            guard let amount = Self.money(words[1...2]), let minimum = Int(words[3]), let maximum = Int(words[4]),
                4 <= minimum, minimum <= maximum, maximum <= 12, words[5] == "-" || Int(words[5]) != nil
            else { return nil }
            let key = Self.key(words[6...])
            guard words.count == 6 || key != nil else { return nil }
            self = .enterCardPIN(
                OfflinePINRequest(
                    key: key, amount: amount, triesLeft: Int(words[5]), minimumLength: minimum, maximumLength: maximum))
        case ("choose", 2...1 + Self.choiceLimit):
            let names = words.dropFirst().compactMap { try? Hex.decode($0) }
            guard names.count == words.count - 1 else { return nil }
            self = .choose(names.map { String(decoding: $0, as: UTF8.self) })
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

    private static func key(_ words: ArraySlice<String>) -> CardPINKey? {
        guard let modulus = words.first.flatMap({ try? Hex.decode($0) }),
            let exponent = words.dropFirst().first.flatMap({ Int($0) }),
            let challenge = words.last.flatMap({ try? Hex.decode($0) })
        else { return nil }
        return CardPINKey(modulus: modulus, exponent: exponent, challenge: challenge)
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
    /// The ways to the card.
    case methods(Set<OfflinePINMethod>)
    /// Enciphered PIN data for the card.
    case enciphered([UInt8])
    /// What the card answered to VERIFY.
    case answered([UInt8])
    /// The index of the line that was chosen.
    case chosen(Int)
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
            case .methods(let methods): (["methods"] + methods.map(\.rawValue).sorted()).joined(separator: " ")
            case .enciphered(let data): "enciphered \(Hex.encode(data))"
            case .answered(let response): "answered \(Hex.encode(response))"
            case .chosen(let index): "chosen \(index)"
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
        case ("methods", 1...3):
            let methods = words.dropFirst().compactMap(OfflinePINMethod.init(rawValue:))
            guard methods.count == words.count - 1 else { return nil }
            self = .methods(Set(methods))
        case ("enciphered", 2):
            guard let data = try? Hex.decode(words[1]), (64...248).contains(data.count) else { return nil }
            self = .enciphered(data)
        case ("answered", 2):
            guard let response = try? Hex.decode(words[1]), response.count == 2 else { return nil }
            self = .answered(response)
        case ("chosen", 2):
            guard let index = Int(words[1]), (0..<PINPadRequest.choiceLimit).contains(index) else { return nil }
            self = .chosen(index)
        case ("ready", 2):
            guard let checkValue = try? Hex.decode(words[1]) else { return nil }
            self = .ready(checkValue)
        default: return nil
        }
    }
}
