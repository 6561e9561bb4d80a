public import ArgumentParser
import Control
import FoundationEssentials
public import Payments
import SystemDriver
import Terminal

/// `tenderctl operators list|add|remove|pin|unlock|sign-on|sign-off`
struct OperatorsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "operators",
        abstract: "Say who may do what: 99 administrator, 00 supervisor, 01 to 98 cashiers.",
        discussion: """
            PINs are asked for and not shown: first that of the operator who makes the change, then the new one, twice. \
            From a file or a pipe they are read line by line.
            """,
        subcommands: [
            List.self, Add.self, Remove.self, ChangePIN.self, Unlock.self, SignOn.self, SignOff.self,
        ])

    struct List: QuestionCommand {
        static let configuration = CommandConfiguration(abstract: "List the operators.")
        static let question = Question<OperatorList>(.get, "/v1/operators")
        @OptionGroup var daemon: Daemon
    }

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add an operator; the first is 99 or 00 and needs nobody's leave.")

        @OptionGroup var daemon: Daemon
        @Argument(help: "Two digits.") var number: OperatorNumber
        @Option(help: "Who adds it; the supervisor or the administrator.") var by: OperatorNumber?

        func run() async throws { try await daemon.change("add", number, by: by, givesPIN: true) }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove an operator.")

        @OptionGroup var daemon: Daemon
        @Argument(help: "Two digits.") var number: OperatorNumber
        @Option(help: "Who removes it; the supervisor or the administrator.") var by: OperatorNumber?

        func run() async throws { try await daemon.change("remove", number, by: by, givesPIN: false) }
    }

    struct ChangePIN: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pin", abstract: "Give an operator another PIN, 4 to 12 digits.")

        @OptionGroup var daemon: Daemon
        @Argument(help: "Two digits.") var number: OperatorNumber
        @Option(help: "Who gives it; the operator itself, with its old PIN, if nobody is named.")
        var by: OperatorNumber?

        func run() async throws { try await daemon.change("changePIN", number, by: by ?? number, givesPIN: true) }
    }

    struct Unlock: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let an operator try again after wrong PINs.")

        @OptionGroup var daemon: Daemon
        @Argument(help: "Two digits.") var number: OperatorNumber
        @Option(help: "Who unlocks it; the supervisor or the administrator.") var by: OperatorNumber?

        func run() async throws { try await daemon.change("unlock", number, by: by, givesPIN: false) }
    }

    struct SignOn: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Give the counter to an operator.")

        @OptionGroup var daemon: Daemon
        @Argument(help: "Two digits.") var number: OperatorNumber

        func run() async throws {
            ProcessSecrets.forbidDumps()
            let order = OperatorOrder(pin: try Console.readPIN("PIN of operator \(number): "))
            let _: OperatorList = try await daemon.ask(
                .post, "/v1/operators/\(number)/signOn", body: Array(try JSONEncoder().encode(order)))
        }
    }

    struct SignOff: QuestionCommand {
        static let configuration = CommandConfiguration(abstract: "Take the counter from whoever has it.")
        static let question = Question<OperatorList>(.post, "/v1/operators/signOff")
        @OptionGroup var daemon: Daemon
    }
}

extension Daemon {
    /// Asks for the PINs that the change needs, and has it made.
    fileprivate func change(
        _ change: String, _ number: OperatorNumber, by named: OperatorNumber?, givesPIN: Bool
    ) async throws {
        ProcessSecrets.forbidDumps()
        let list: OperatorList = try decode(try await raw(.get, "/v1/operators"))
        var by: OperatorNumber?
        var pin: OperatorPIN?
        if !list.operators.isEmpty {
            let who = named ?? list.manager(of: number)
            by = who
            pin = try Console.readPIN("PIN of operator \(who): ")
        }
        var newPIN: OperatorPIN?
        if givesPIN {
            newPIN = try Console.readPIN("New PIN of operator \(number): ")
            guard try Console.readPIN("The same again: ") == newPIN else {
                throw ValidationError("the two are not the same; nothing was changed")
            }
        }
        let order = OperatorOrder(by: by, pin: pin, newPIN: newPIN)
        let _: OperatorList = try await ask(
            .post, "/v1/operators/\(number)/\(change)", body: Array(try JSONEncoder().encode(order)))
    }
}

extension OperatorNumber: ExpressibleByArgument {}

extension OperatorList: Summarized {
    /// Whom to ask for a PIN if nobody is named: the supervisor for cashiers, the administrator for the supervisor.
    fileprivate func manager(of number: OperatorNumber) -> OperatorNumber {
        let order: [OperatorNumber] =
            number == .supervisor ? [.administrator, .supervisor] : [.supervisor, .administrator]
        return order.first { candidate in operators.contains { $0.number == candidate } } ?? .supervisor
    }

    /// A line for each operator.
    var summary: String {
        guard !operators.isEmpty else {
            return "No operators. Sales work; what needs a supervisor is refused until: tenderctl operators add 00"
        }
        return operators.map { row in
            let lock = row.isLocked ? ", LOCKED" : row.wrongPINs > 0 ? ", \(row.wrongPINs) wrong PINs" : ""
            return "\(row.number)  \(row.role.rawValue)\(lock)\(row.number == signedOn ? ", signed on" : "")"
        }.joined(separator: "\n")
    }
}
