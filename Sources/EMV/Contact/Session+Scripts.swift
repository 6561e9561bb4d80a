import Wire

/// One issuer script (EMV 4.4 Book 3, 10.10).
struct Script: Equatable, Sendable {
    /// Its identifier (9F18), zeros if it has none.
    let identifier: [UInt8]
    /// Its commands (86) in order; nil for a script that cannot be read.
    let commands: [[UInt8]]?

    init(_ template: TLV) {
        let objects = try? template.children()
        let identifier = objects?.first { $0.tag == .scriptIdentifier }.map { Array($0.value) }
        self.identifier = identifier.flatMap { $0.count == 4 ? $0 : nil } ?? [0, 0, 0, 0]
        commands = objects?.filter { $0.tag == .scriptCommand }.map { Array($0.value) }
    }
}

/// How far the scripts of one kind are.
struct ScriptRun: Equatable, Sendable {
    var remaining: ArraySlice<Script>
    /// Commands of the first remaining script that were sent.
    var sent = 0
    let isBeforeFinal: Bool

    /// Scripts of template 71, before the final GENERATE AC.
    static func before(_ scripts: [Script]) -> ScriptRun { ScriptRun(remaining: scripts[...], isBeforeFinal: true) }
    /// Scripts of template 72, after it.
    static func after(_ scripts: [Script]) -> ScriptRun { ScriptRun(remaining: scripts[...], isBeforeFinal: false) }
}

// Issuer-to-card script processing (EMV 4.4 Book 3, 10.10; results as in Book 4, Annex A5).
extension Session {
    mutating func runScripts(_ start: ScriptRun) throws(KernelFailure) -> ContactKernel.Next {
        var run = start
        while let script = run.remaining.first {
            database.tsi.insert(.scriptProcessing)
            guard let commands = script.commands else {
                end(&run, failedAt: 0)
                continue
            }
            guard run.sent < commands.count else {
                database.scriptResults += [0x20] + script.identifier
                run.remaining.removeFirst()
                run.sent = 0
                continue
            }
            guard let command = CommandAPDU(bytes: commands[run.sent]) else {
                end(&run, failedAt: run.sent + 1)
                continue
            }
            run.sent += 1
            return transmit(command, .script(run))
        }
        return try run.isBeforeFinal ? completeWithIssuer() : finish()
    }

    mutating func receiveScript(_ response: Response, _ run: ScriptRun) throws(KernelFailure) -> ContactKernel.Next {
        var run = run
        // Warnings do not stop a script (Book 3, 10.10).
        if ![0x90, 0x62, 0x63].contains(response.status.sw1) { end(&run, failedAt: run.sent) }
        return try runScripts(run)
    }

    /// Notes that the first remaining script failed at its command `number`, counted from 1; 0 if it is not known.
    private mutating func end(_ run: inout ScriptRun, failedAt number: Int) {
        guard let script = run.remaining.popFirst() else { return }
        run.sent = 0
        database.tvr.insert(run.isBeforeFinal ? .scriptFailedBeforeFinal : .scriptFailedAfterFinal)
        database.scriptResults += [0x10 | UInt8(clamping: min(number, 15))] + script.identifier
    }

    /// Notes that the card was lost in the middle of the scripts: the running one failed, the rest was not performed.
    mutating func abandon(_ run: ScriptRun) {
        var run = run
        end(&run, failedAt: run.sent)
        for script in run.remaining { database.scriptResults += [0x00] + script.identifier }
    }
}
