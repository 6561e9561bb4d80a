import EMV
import Payments
import Wire

/// Watches one transaction from outside, by what goes over the wire and by what comes out, and objects to what the books
/// forbid: an end that never comes, an approval that no cryptogram carries, a failure without its clause, the card's number
/// in a text. It takes nothing of the kernel's own reasoning.
struct Witness {
    private(set) var objections: [String] = []
    private(set) var outcome: KernelOutcome?
    /// Whether nothing may follow any more.
    private(set) var isOver = false

    private let terminal: TerminalData
    private var commands = 0
    private var presentations = 0
    private var exchange: (command: CommandAPDU, data: [UInt8], status: StatusWord?)?
    private var cryptograms: [(asked: UInt8, answered: UInt8?)] = []
    /// What a contactless card decided already with its processing options.
    private var quickCryptogram: UInt8?
    private var actionCodes: [TLV.Tag: TVR] = [:]
    private var numbers: Set<String> = []
    private var requests = 0
    private var replies: [OnlineReply?] = []

    init(_ terminal: TerminalData) { self.terminal = terminal }

    /// The kernel was told `event` and answered `action`.
    mutating func sees(_ event: ContactKernel.Event, _ action: ContactKernel.Action) {
        switch event {
        case .response(let bytes): hears(bytes)
        case .reply(let reply): replies.append(reply)
        case .unableToGoOnline: replies.append(nil)
        default: break
        }
        switch action {
        case .transmit(let command): transmits(command)
        case .goOnline: asksIssuer()
        case .finish(let outcome): ends(outcome)
        default: break
        }
    }

    /// The Entry Point was told `event` and answered `action`.
    mutating func sees(_ event: EntryPoint.Event, _ action: EntryPoint.Action) {
        switch event {
        case .begin: present()
        case .response(let bytes): hears(bytes)
        case .reply(let reply): replies.append(reply)
        case .unableToGoOnline: replies.append(nil)
        default: break
        }
        switch action {
        case .transmit(let command): transmits(command)
        case .finish(let outcome): ends(outcome)
        case .ignore: break
        }
    }

    /// Objects to the card's number in a text.
    mutating func reads(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count >= Self.window, !numbers.isEmpty else { return }
        for start in 0...bytes.count - Self.window {
            let part = String(decoding: bytes[start..<start + Self.window], as: UTF8.self)
            if numbers.contains(part) { return object("digits of the card's number are shown") }
        }
    }

    mutating func object(_ objection: String) { objections.append(objection) }

    /// So many digits of an account number in a row are no chance.
    private static let window = 8
}

// What goes over the wire.
extension Witness {
    private mutating func transmits(_ command: CommandAPDU) {
        commands += 1
        if commands > ContactKernel.commandLimit { object("more commands than a transaction may take") }
        // GET RESPONSE and a corrected length go on with the command before them (Book 1, 9.3.1).
        let status = exchange?.status?.sw1
        if status == 0x61, command.ins == 0xC0 { return }
        if status == 0x6C, command.ins == exchange?.command.ins { return }
        exchange = (command, [], nil)
        guard command.ins == 0xAE else { return }
        if cryptograms.count == 2 { object("a third GENERATE AC") }
        if !cryptograms.isEmpty, command.p1 & 0xC0 == 0x80 { object("the second GENERATE AC asks for an ARQC") }
        cryptograms.append((command.p1, nil))
    }

    private mutating func hears(_ bytes: [UInt8]) {
        guard let response = Response(bytes: bytes), var current = exchange else { return }
        current.data += response.data
        current.status = response.status
        exchange = current
        guard response.status == .success else { return }
        switch current.command.ins {
        case 0xB2: record(current.data)
        case 0xAE: cryptograms[cryptograms.count - 1].answered = Self.information(current.data)
        case 0xA8: quickCryptogram = Self.information(current.data)
        default: break
        }
    }

    private mutating func record(_ data: [UInt8]) {
        guard let template = try? TLV.parse(data).first, let objects = try? template.children() else { return }
        for object in objects {
            switch object.tag {
            case .pan, .track2:
                let number = Hex.encode(Array(object.value)).prefix { "0"..."9" ~= $0 }.utf8
                for start in number.indices.dropLast(Self.window - 1) {
                    numbers.insert(String(decoding: number[start...].prefix(Self.window), as: UTF8.self))
                }
            case .iacDefault, .iacDenial, .iacOnline:
                if actionCodes[object.tag] == nil { actionCodes[object.tag] = TVR(bytes: Array(object.value)) }
            default: break
            }
        }
    }

    /// Cryptogram information data of an answer of either format.
    private static func information(_ data: [UInt8]) -> UInt8? {
        guard let template = try? TLV.parse(data).first else { return nil }
        if template.tag == .responseFormat1 { return template.value.first }
        let objects = (try? template.children()) ?? []
        if let information = objects.first(where: { $0.tag == .cryptogramInformation }) {
            return information.value.first
        }
        // A contactless card may say it in its verification results alone (Book C-3, 5.4).
        let results = objects.first { $0.tag == .issuerApplicationData }.map { Array($0.value) } ?? []
        return results.count > 4 ? results[4] << 2 & 0xC0 : nil
    }
}

// What comes out.
extension Witness {
    private mutating func asksIssuer() {
        requests += 1
        if requests > 1 { object("the issuer is asked twice") }
        guard let first = cryptograms.first, cryptograms.count == 1, first.answered.map({ $0 & 0xC0 }) == 0x80,
            first.asked & 0xC0 != 0x00
        else { return object("the issuer is asked without an ARQC that was allowed") }
    }

    private mutating func ends(_ outcome: KernelOutcome) {
        isOver = true
        self.outcome = outcome
        switch outcome {
        case .completed(let verdict, let completion): judge(verdict, completion)
        case .ended(let failure):
            if !failure.clause.contains("Book") { object("no clause: \(failure)") }
            if failure.detail.isEmpty { object("no reason: \(failure)") }
            reads("\(failure)")
            reads(failure.paymentFailure.map { "\($0)" } ?? "")
        }
    }

    private mutating func judge(_ verdict: KernelOutcome.Verdict, _ completion: KernelOutcome.Completion) {
        let (result, reply) = (completion.result, replies.first ?? nil)
        if requests != replies.count { object("decided while the issuer was asked") }
        switch verdict {
        case .approvedOffline:
            if reply != nil { object("approved offline after the issuer answered") }
            mustHoldCertificate(result)
            mustAllowOffline(result)
        case .approvedOnline:
            if reply?.approved != true { object("approved online, but not by the issuer") }
            if cryptograms.count != 2 { object("approved online without a second GENERATE AC") }
            mustHoldCertificate(result)
        case .declinedByCard: if reply?.approved != true { object("the issuer did not approve what the card declined") }
        case .declinedOnline: if reply?.approved != false { object("the issuer declined nothing") }
        case .declinedOffline: if reply != nil { object("declined offline after the issuer answered") }
        }
    }

    /// An approval needs a TC that was asked for and given, and whose signature held (Book 3, 9.3; Book 2, 6.6).
    private mutating func mustHoldCertificate(_ result: ChipResult) {
        guard let last = cryptograms.last, last.asked & 0xC0 == 0x40, last.answered.map({ $0 & 0xC0 }) == 0x40,
            result.cryptogramType == .tc, result.cryptogram.utf8.count == 16
        else { return object("approved without a TC") }
        if last.asked & 0x10 != 0, tvr(result).contains(.cdaFailed) {
            object("approved on a TC whose signature failed")
        }
    }

    /// Without the issuer the action codes must let the card approve (Book 3, 10.7).
    private mutating func mustAllowOffline(_ result: ChipResult) {
        if [0x11, 0x14, 0x21, 0x24, 0x34].contains(terminal.terminalType) {
            object("an online-only terminal approves")
        }
        let name = (try? Hex.decode(result.application.aid)) ?? []
        let matching = terminal.applications.filter { name.starts(with: $0.aid) }.max { $0.aid.count < $1.aid.count }
        guard let parameters = matching else { return object("approved with no application of the terminal's") }
        let tvr = tvr(result)
        let all = TVR(rawValue: 0xFF_FFFF_FFFF)
        var codes = parameters.tacDenial.union(actionCodes[.iacDenial] ?? [])
        let isOfflineOnly = [0x13, 0x16, 0x23, 0x26, 0x36].contains(terminal.terminalType)
        if !isOfflineOnly, requests == 0 {
            codes.formUnion(parameters.tacOnline.union(actionCodes[.iacOnline] ?? all))
        } else {
            codes.formUnion(parameters.tacDefault.union(actionCodes[.iacDefault] ?? all))
        }
        if !tvr.isDisjoint(with: codes) { object("approved offline against the action codes: \(result.tvr)") }
        if tvr.contains(.dataAuthenticationNotPerformed) == (result.tsi.first.map { "89ABCDEF".contains($0) } ?? false)
        {
            object("TVR \(result.tvr) and TSI \(result.tsi) disagree about data authentication")
        }
    }

    private func tvr(_ result: ChipResult) -> TVR { (try? Hex.decode(result.tvr)).flatMap { TVR(bytes: $0) } ?? [] }
}

// A tap.
extension Witness {
    private mutating func present() {
        presentations += 1
        if presentations > EntryPoint.presentationLimit { object("more presentations than a transaction may take") }
        (commands, exchange, cryptograms, quickCryptogram) = (0, nil, [], nil)
    }

    private mutating func ends(_ outcome: ContactlessOutcome) {
        switch outcome.result {
        case .tryAgain: break
        case .tryAnotherInterface: isOver = true
        case .online:
            requests += 1
            if requests > 1 { object("the issuer is asked twice") }
            if given == nil || given == 0x00 { object("the issuer is asked without a cryptogram") }
        case .ended(let failure): ends(.ended(failure))
        case .completed(let verdict, let completion):
            isOver = true
            self.outcome = .completed(verdict, completion)
            judgeTap(verdict, completion.result, outcome.verification)
        }
    }

    /// The type of cryptogram that the card gave in this presentation.
    private var given: UInt8? { (cryptograms.last.map(\.answered) ?? quickCryptogram).map { $0 & 0xC0 } }

    private mutating func judgeTap(
        _ verdict: KernelOutcome.Verdict, _ result: ChipResult, _ verification: ContactlessOutcome.Verification
    ) {
        let reply = replies.first ?? nil
        if requests != replies.count { object("decided while the issuer was asked") }
        switch verdict {
        case .approvedOffline:
            if requests > 0 { object("approved offline after the issuer was asked") }
            if given != 0x40 || result.cryptogramType != .tc { object("approved offline without a TC") }
            if cryptograms.last.map({ $0.asked & 0xC0 != 0x40 }) ?? false { object("a TC that was not asked for") }
            if [0x11, 0x14, 0x21, 0x24, 0x34].contains(terminal.terminalType) {
                object("an online-only terminal approves")
            }
            if verification == .onlinePIN { object("an online PIN without the issuer") }
        case .approvedOnline:
            if reply?.approved != true { object("approved online, but not by the issuer") }
            if given == 0x00 || result.cryptogramType == .aac { object("approved online with an AAC") }
        case .declinedOnline: if reply?.approved != false { object("the issuer declined nothing") }
        case .declinedByCard: object("a card that has left declines")
        case .declinedOffline: if reply != nil { object("declined offline after the issuer answered") }
        }
    }
}
