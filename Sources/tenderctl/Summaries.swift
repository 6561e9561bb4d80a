import Payments
import Terminal

/// What people read where programs read JSON.
protocol Summarized {
    var summary: String { get }
}

extension PaymentReport: Summarized {
    /// A few lines: what became of it first.
    var summary: String {
        let what = kind == .sale ? "" : "\(kind.english) "
        let money = kind == .balance ? "" : " \(amount) \(currency)"
        var lines = ["\(id): \(what)\(outcome?.rawValue ?? state.rawValue)\(money)"]
        if let text { lines.append("  \(text.chinese) / \(text.english)") }
        let facts = [
            ("balance", balance.map { "\($0) \(currency)" }),
            ("approved only", approvedAmount.map { "\($0) \(currency)" }),
            ("follows up", original), ("STAN", stan), ("batch", batch), ("RRN", rrn), ("auth code", authCode),
            ("card", pan), ("AID", aid), ("TVR", tvr), ("reason", reason), ("detail", detail),
            ("reversal", reversal == .none ? nil : reversal.rawValue), ("stored", stored?.rawValue),
        ]
        lines += facts.compactMap { name, value in value.map { "  \(name): \($0)" } }
        return lines.joined(separator: "\n")
    }
}

extension TerminalStatus: Summarized {
    /// A page: what is wrong comes with its reason.
    var summary: String {
        var lines = [
            "tenderd \(version), \(mode)",
            "terminal \(terminal), merchant \(merchant)",
            "\(isSignedIn ? "signed in" : "not signed in"), batch \(batch), next STAN \(nextSTAN), \(records) records",
            "payment: \(running ?? "none")",
            "settlement: \(isSettling ? "THE BATCH IS BEING SETTLED, no payment until it is" : settled)",
            "queue: \(queue)",
            "acquirer: \(acquirerProblem ?? "no problem")",
        ]
        if acquirerClockSeconds != 0 {
            let ahead = acquirerClockSeconds > 0 ? "ahead of" : "behind"
            lines.append("clocks: the acquirer's is \(acquirerClockSeconds.magnitude) s \(ahead) the shop's")
        }
        if refused > 0 { lines.append("REFUSED by the acquirer: \(refused), see tenderctl queue") }
        if !hasOperators {
            lines.append("operators: NONE, so no void, refund or settlement; begin with: tenderctl operators add 00")
        }
        for device in devices {
            let note = device.note.isEmpty ? "" : " (\(device.note))"
            lines.append("\(device.role): \(device.isReady ? "ready" : "NOT READY") \(device.name)\(note)")
        }
        for reversal in openReversals {
            let held =
                reversal.holdsPayments
                ? "payments wait for it"
                : "given up: settle it with the acquirer, then tenderctl resolve \(reversal.id)"
            lines.append("reversal of \(reversal.id), STAN \(reversal.stan): \(reversal.refusals) refusals, \(held)")
        }
        return lines.joined(separator: "\n")
    }

    private var settled: String { lastSettled.map { "the last on \($0)" } ?? "none yet" }

    private var queue: String {
        stored == 0
            ? "empty\(isQueuePaused ? ", PAUSED" : "")"
            : "\(stored) wait\(isQueuePaused ? ", PAUSED" : "")\(isQueueOverdue ? ", OVERDUE" : "")"
    }
}

extension EchoReport: Summarized {
    var summary: String { "the acquirer answered after \(Int(milliseconds.rounded())) ms" }
}

extension DownloadReport: Summarized {
    var summary: String {
        let end = refused.isEmpty ? "in force" : "in force but for these, see tenderctl parameters:"
        return (["\(kind.rawValue): \(entries) entries are \(end)"] + refused.map { "  \($0.summary)" })
            .joined(separator: "\n")
    }
}

extension ParameterNote {
    fileprivate var summary: String { "\(verdict.rawValue.uppercased()) \(item) (\(source.rawValue)): \(reason)" }
}

extension ParametersReport: Summarized {
    /// What needs a look comes first.
    var summary: String {
        var lines = notes.filter { $0.verdict != .unused }.map(\.summary)
        lines.append("applications, amounts in \(currency):")
        for application in applications {
            lines.append(
                "  \(application.aid)  version \(application.version)\(application.allowsPartialMatch ? "" : ", whole name only")"
                    + "  (\(application.source.rawValue))")
            lines.append(
                "    TAC denial \(application.tacDenial), online \(application.tacOnline), "
                    + "default \(application.tacDefault)")
            lines.append(
                "    floor limit \(application.floorLimit), random \(application.randomTargetPercent) % to "
                    + "\(application.randomMaximumPercent) % from \(application.randomThreshold), "
                    + "DDOL \(application.defaultDDOL)\(application.defaultTDOL.isEmpty ? "" : ", TDOL \(application.defaultTDOL)")"
            )
        }
        lines.append("contactless: \(contactless.isEmpty ? "none" : "")")
        for combination in contactless {
            lines.append(
                "  \(combination.aid)  kernel \(combination.kernel), 9F66 \(combination.qualifiers)"
                    + "  (\(combination.source.rawValue))")
            let limits = [
                ("transaction limit", combination.transactionLimit),
                ("with own device", combination.onDeviceTransactionLimit),
                ("verification from", combination.verificationLimit), ("online above", combination.floorLimit),
                ("no PIN up to", combination.withoutPIN), ("no signature up to", combination.withoutSignature),
            ].compactMap { name, amount in amount.map { "\(name) \($0)" } }
            lines.append("    \(limits.isEmpty ? "no limits" : limits.joined(separator: ", "))")
        }
        lines.append("CA keys, their SHA-1 checked:")
        lines += caKeys.map { key in
            let expiry = key.expiry.map { key.isExpired ? "EXPIRED \($0)" : "until \($0)" } ?? "without end"
            return
                "  \(key.rid) \(key.index)  \(key.bits) bits, exponent \(key.exponent), \(expiry)  (\(key.source.rawValue))"
        }
        if !revokedCertificates.isEmpty { lines.append("revoked: \(revokedCertificates.joined(separator: ", "))") }
        lines.append("exception file: \(exceptionsConfigured) configured, \(exceptionsDownloaded) downloaded")
        lines.append("merchant on receipts: \(merchantName)  (\(merchantNameSource.rawValue))")
        lines.append("tries of a reversal: \(reversalTries)  (\(reversalTriesSource.rawValue))")
        let unused = notes.filter { $0.verdict == .unused }.map(\.item)
        if !unused.isEmpty { lines.append("no use for: \(unused.joined(separator: ", "))") }
        return lines.joined(separator: "\n")
    }
}

extension TotalsReport: Summarized {
    var summary: String { "batch \(batch), so far\n\(lines)" }

    /// A line for each class of cards.
    fileprivate var lines: String {
        func line(_ name: String, _ sides: Sides) -> String {
            "  \(name): \(sides.debit.count) payments, \(sides.debit.amount) \(currency); "
                + "\(sides.credit.count) given back, \(sides.credit.amount) \(currency)"
        }
        return line("UnionPay cards", domestic) + "\n" + line("other cards", foreign)
    }
}

extension SettlementReport: Summarized {
    var summary: String {
        let end = settled.map { "closed on \($0)" } ?? "BEING SETTLED since \(begun), no payment until it is"
        var lines = ["batch \(batch): \(end)", totals.lines]
        switch comparison {
        case nil: lines.append("  the acquirer has not answered the totals yet")
        case let found? where found.agrees: lines.append("  the acquirer's totals agree")
        case let found?:
            let classes = [
                found.domesticAgrees ? nil : "UnionPay cards", found.foreignAgrees ? nil : "other cards",
            ]
            lines.append(
                "  the acquirer's totals differ (\(classes.compactMap { $0 }.joined(separator: ", "))): "
                    + "every payment was told again")
        }
        lines.append("  messages uploaded: \(uploaded)")
        lines += refused.sorted { $0.key < $1.key }.map { "  REFUSED: message \($0.key + 1), code \($0.value)" }
        lines.append("  asked for by \(supervisor.map { "operator \($0)" } ?? "the clock")")
        return lines.joined(separator: "\n")
    }
}

extension QueueReport: Summarized {
    var summary: String {
        let oldest = oldest.map { ", the oldest since \($0)" } ?? ""
        var lines = [
            count == 0
                ? "nothing waits" : "\(count) wait, \(amount) \(currency)\(oldest)\(isOverdue ? ", OVERDUE" : "")"
        ]
        if isPaused { lines.append("PAUSED: nothing is sent until tenderctl queue resume") }
        lines += waiting.map { "  \($0.summary(currency))" }
        if waiting.count < count { lines.append("  and \(count - waiting.count) more") }
        if !refused.isEmpty {
            lines.append("REFUSED by the acquirer; settle each by other means, then tenderctl resolve ID:")
            lines += refused.map { "  \($0.summary(currency)): \($0.refusal ?? "no reason given")" }
        }
        return lines.joined(separator: "\n")
    }
}

extension QueueReport.Item {
    fileprivate func summary(_ currency: String) -> String {
        let what = delivery == .reversal ? "reversal of the \(kind.english)" : kind.english
        return "\(id)  \(what)  \(amount) \(currency)  STAN \(stan), batch \(batch), \(time)"
    }
}

extension JournalVerification: Summarized {
    var summary: String {
        damage.map { "DAMAGED: \($0)" }
            ?? "every record is as it was written; the last one's hash is \(hash ?? "unknown")"
    }
}

extension [JournalRow]: Summarized {
    var summary: String {
        map { "\($0.sequence)  \($0.time)  \($0.kind)  \($0.id ?? "-")  \($0.summary)" }.joined(separator: "\n")
    }
}

extension Refusal: Summarized {
    /// What is wrong, and what cashier and customer may read of it.
    var summary: String { text.map { "\(self)\n  \($0.chinese) / \($0.english)" } ?? "\(self)" }
}
