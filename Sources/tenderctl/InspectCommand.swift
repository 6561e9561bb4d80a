import ArgumentParser
import Diagnostics
import FoundationEssentials
import Wire

/// `tenderctl inspect iso8583|tlv|apdu|field55|tvr|tsi|cvm|aip|auc|cid|iad`
struct InspectCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect", abstract: "Explain bytes; needs no daemon.",
        subcommands: [
            ISO8583Command.self, TLVCommand.self, APDUCommand.self, Field55Command.self, ValueCommand<TVR>.self,
            ValueCommand<TSI>.self, ValueCommand<CVM>.self, ValueCommand<AIP>.self, ValueCommand<AUC>.self,
            ValueCommand<CID>.self, ValueCommand<IAD>.self,
        ])

    struct ISO8583Command: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "iso8583", abstract: "Explain a message, or make one from its JSON.")

        @OptionGroup var options: InspectOptions
        @Argument(help: "Hexadecimal digits; with --encode a file of JSON; - reads standard input.")
        var input: String
        @Flag(help: "The input begins with the message type: no length, TPDU and header.")
        var bare = false
        @Flag(help: "Make the hexadecimal message from what --json --reveal printed.")
        var encode = false

        func run() async throws {
            if encode {
                let text = input == "-" ? Console.readInput() : try read(input)
                let document = try decoding { () throws(DocumentError) in try MessageDocument(json: text) }
                Console.print(Hex.encode(document.bytes))
            } else {
                let bytes = try options.bytes(input)
                let document = try decoding { try MessageDocument(decoding: bytes, bare: bare) }
                options.print(document.text(reveal: options.reveal), document.json(reveal: options.reveal))
            }
        }

        private func read(_ file: String) throws -> [UInt8] {
            guard let data = try? Data(contentsOf: URL(filePath: file)) else {
                Console.fail("\(file) cannot be read")
                throw ExitStatus.undecodable
            }
            return [UInt8](data)
        }
    }

    struct TLVCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "tlv", abstract: "Explain BER-TLV data objects.")

        @OptionGroup var options: InspectOptions
        @Argument(help: "Hexadecimal digits; - reads standard input.")
        var input: String

        func run() async throws {
            let bytes = try options.bytes(input)
            let found = try decoding { try TLVInspection(bytes) }
            options.print(found.text(reveal: options.reveal), found.json(reveal: options.reveal))
        }
    }

    struct APDUCommand: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "apdu", abstract: "Explain a command or a response of a card.")

        @OptionGroup var options: InspectOptions
        @Argument(help: "Hexadecimal digits; - reads standard input.")
        var input: String

        func run() async throws {
            guard let found = APDUInspection(try options.bytes(input)) else {
                Console.fail("neither a command nor a response: at least two bytes are needed")
                throw ExitStatus.undecodable
            }
            options.print(found.text(reveal: options.reveal), found.json(reveal: options.reveal))
        }
    }

    struct Field55Command: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "field55", abstract: "Explain the chip data of a message.")

        @OptionGroup var options: InspectOptions
        @Argument(help: "Hexadecimal digits, with or without the two length bytes; - reads standard input.")
        var input: String

        func run() async throws {
            let bytes = try options.bytes(input)
            let found = try decoding { try TLVInspection(field55: bytes) }
            options.print(found.text(reveal: options.reveal), found.json(reveal: options.reveal))
        }
    }
}

/// One value whose every bit is said in words.
protocol ExplainedValue: Sendable {
    static var kind: ValueInspection.Kind { get }
    static var abstract: String { get }
}

extension InspectCommand {
    enum TVR: ExplainedValue {
        static let kind = ValueInspection.Kind.tvr
        static let abstract = "Explain terminal verification results (95) or an action code."
    }
    enum TSI: ExplainedValue {
        static let kind = ValueInspection.Kind.tsi
        static let abstract = "Explain transaction status information (9B)."
    }
    enum CVM: ExplainedValue {
        static let kind = ValueInspection.Kind.cvm
        static let abstract = "Explain a CVM list (8E) or CVM results (9F34)."
    }
    enum AIP: ExplainedValue {
        static let kind = ValueInspection.Kind.aip
        static let abstract = "Explain an application interchange profile (82)."
    }
    enum AUC: ExplainedValue {
        static let kind = ValueInspection.Kind.auc
        static let abstract = "Explain an application usage control (9F07)."
    }
    enum CID: ExplainedValue {
        static let kind = ValueInspection.Kind.cid
        static let abstract = "Explain cryptogram information data (9F27)."
    }
    enum IAD: ExplainedValue {
        static let kind = ValueInspection.Kind.iad
        static let abstract = "Explain issuer application data (9F10) of UnionPay, Visa, Mastercard or EMV common core."
    }

    /// `tenderctl inspect tvr HEX` and its like.
    struct ValueCommand<Value: ExplainedValue>: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(commandName: Value.kind.rawValue, abstract: Value.abstract)
        }

        @Flag(help: "Print the answer as JSON.")
        var json = false
        @Argument(help: "Hexadecimal digits; - reads standard input.")
        var input: String

        func run() async throws {
            let bytes = try decoding { try Hex.decode(input == "-" ? Console.inputText() : input) }
            let found = try decoding { try ValueInspection(Value.kind, bytes) }
            Console.print(json ? found.json.text : found.text)
        }
    }
}

/// What all decoders share.
struct InspectOptions: ParsableArguments {
    @Flag(help: "Print the answer as JSON.")
    var json = false
    @Flag(help: "Show account numbers, tracks and PIN blocks in clear.")
    var reveal = false

    /// The bytes that the argument or standard input spells.
    func bytes(_ input: String) throws -> [UInt8] {
        try decoding { try Hex.decode(input == "-" ? Console.inputText() : input) }
    }

    /// Prints one of the two.
    func print(_ text: String, _ json: JSONValue) { Console.print(self.json ? json.text : text) }
}

/// Runs a decoder; what it throws is told, and ends the program with code 65.
private func decoding<Value>(_ body: () throws -> Value) throws -> Value {
    do {
        return try body()
    } catch {
        Console.fail("cannot be decoded: \(error)")
        throw ExitStatus.undecodable
    }
}
