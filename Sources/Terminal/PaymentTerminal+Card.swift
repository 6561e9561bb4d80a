import EMV
import Engine
import HAL
import Journaling
import Payments

/// The card's part of a payment: from the slot, from the journal, or as somebody typed it.
extension PaymentTerminal {
    /// Gets the card's data; they come back as an event.
    func getCard(_ request: PaymentRequest, attempt: Int, online: Bool) {
        guard let payment = running else { return }
        if let typed = payment.typedCard {
            let card = CardSummary(
                maskedPAN: typed.pan.masked, expiry: payment.typedExpiry, sequenceNumber: nil, entryMode: .manual,
                pinEntry: .none, application: nil)
            return cardRead(card, typed, chipData: [], attempt: attempt, request)
        }
        if let original = request.original?.id { return cardOfOriginal(original, attempt: attempt, request) }
        readCard(request, attempt: attempt, online: online)
    }

    /// The card of the payment that is followed up: not needed again, the journal has it.
    private func cardOfOriginal(_ original: RequestID, attempt: Int, _ request: PaymentRequest) {
        do {
            guard let pan = try journal.pan(of: original), let card = try journal.payment(original)?.authorization?.card
            else {
                let detail = "the journal has no account number of \(original)"
                return post(.cardEnded(.failed(PaymentFailure(.journalUnavailable, detail))), to: request.id)
            }
            let summary = CardSummary(
                maskedPAN: card.maskedPAN, expiry: card.expiry, sequenceNumber: nil, entryMode: .manual,
                pinEntry: .none, application: card.application)
            cardRead(summary, Credentials(pan: pan), chipData: [], attempt: attempt, request)
        } catch {
            post(.cardEnded(.failed(unavailable(error))), to: request.id)
        }
    }

    private func readCard(_ request: PaymentRequest, attempt: Int, online: Bool) {
        // A full queue is said before the card is asked for a cryptogram.
        if request.kind == .offlineSale, let refusal = storeRefusal(request) {
            return post(.cardEnded(.failed(refusal)), to: request.id)
        }
        let transaction: TransactionData
        do {
            transaction = try makeTransaction(request, online: online)
        } catch {
            return post(.cardEnded(.failed(error)), to: request.id)
        }
        let earlier = dismissal
        let former = running?.session
        running?.cardTask = Task {
            await earlier?.value
            // For another attempt the card begins anew.
            await former?.end()
            let session = CardSession(
                terminal: terminalData.able(await devices.offlinePINMethods), transaction: transaction, torn: torn,
                devices: devices, waits: configuration.waits,
                report: { [weak self] step, detail in await self?.step(step, detail, of: request.id) })
            guard running?.request.id == request.id else { return }
            running?.session = session
            let pause = await session.read()
            await cardPaused(pause, session, attempt: attempt, online: online, request)
        }
    }

    /// Tells the card what the acquirer answered.
    func completeCard(_ reply: Reply) {
        guard let payment = running else { return }
        let id = payment.request.id
        running?.credentials = nil
        guard let session = payment.session, payment.request.kind.asksCard else {
            return post(.cardCompleted(agreed: true, nil, scriptNumber: nil), to: id)
        }
        let online = OnlineReply(
            approved: reply.verdict == .approved, code: reply.code, chipData: reply.chipData,
            authorizationCode: reply.authorizationCode)
        Task {
            let pause = await session.complete(online)
            step(.cardCompleted, pause.name, of: id)
            switch pause {
            case .completed(let verdict, let completion):
                let number = completion.result.scriptResults.isEmpty ? nil : try? journal.numbers().stan
                post(
                    .cardCompleted(agreed: verdict == .approvedOnline, completion.result, scriptNumber: number), to: id)
            case .failed(let failure):
                post(.cardLost(failure), to: id)
            case .cancelled, .online:
                post(.cardLost(PaymentFailure(.cardUnreadable, "the card's completion broke off")), to: id)
            }
        }
    }

    /// Tells the card that its issuer cannot be asked, although a request was made: card and terminal decide.
    func completeCardOffline(_ authorization: Authorization) {
        guard let payment = running, let session = payment.session else {
            let failure = PaymentFailure(.cardRemoved, "there is no card to decide")
            return post(.cardEnded(.failed(failure)), to: authorization.request.id)
        }
        let request = payment.request
        if let refusal = storeRefusal(request, pan: payment.credentials?.pan) {
            return post(.cardEnded(.failed(refusal)), to: request.id)
        }
        if mayDefer(request, authorization.card) { return post(.cardDeferred(authorization), to: request.id) }
        Task {
            await completeOffline(session, request) { completion in
                post(.cardApprovedOffline(authorization, completion.result), to: request.id)
            }
        }
    }

    /// Lets card and terminal decide between themselves.
    private func completeOffline(
        _ session: CardSession, _ request: PaymentRequest, approved: (KernelOutcome.Completion) -> Void
    ) async {
        switch await session.completeOffline() {
        case .completed(.approvedOffline, let completion): approved(completion)
        case .completed(_, let completion): post(.cardEnded(.declinedByCard(nil, completion.result)), to: request.id)
        case .failed(let failure): post(.cardEnded(.failed(failure)), to: request.id)
        case .cancelled, .online: post(.cardEnded(.cancelled(by: .customer)), to: request.id)
        }
    }

    private func cardPaused(
        _ pause: CardSession.Pause, _ session: CardSession, attempt: Int, online: Bool, _ request: PaymentRequest
    ) async {
        switch pause {
        case .online(let asked, let summary, let pinBlock):
            step(.cryptogramMade, "ARQC, field 55 of \(asked.chipData.count) bytes", of: request.id)
            let credentials = Credentials(pan: asked.card.pan, track2: asked.card.track2, pinBlock: pinBlock)
            if online || !request.kind.asksCard {
                let chipData = request.kind.asksCard ? asked.chipData : []
                return cardRead(summary, credentials, chipData: chipData, attempt: attempt, request)
            }
            await decideOffline(session, summary, credentials, asked.chipData, attempt: attempt, request)
        case .completed(.declinedOffline, let completion):
            post(.cardEnded(.declinedByCard(nil, completion.result)), to: request.id)
        case .completed(.approvedOffline, let completion):
            guard let card = await session.card, let summary = await session.summary() else {
                return post(
                    .cardEnded(.failed(PaymentFailure(.cardUnreadable, "the card gave no number"))), to: request.id)
            }
            approvedOffline(summary, card.pan, completion, attempt: attempt, request)
        case .completed(let verdict, _):
            let detail = "the card ended with \(verdict.rawValue) before its issuer was asked"
            post(.cardEnded(.failed(PaymentFailure(.cardNotSupported, detail))), to: request.id)
        case .cancelled:
            post(.cardEnded(.cancelled(by: .customer)), to: request.id)
        case .failed(let failure):
            post(.cardEnded(.failed(failure)), to: request.id)
        }
    }

    /// The card wants its issuer asked, who cannot be reached: the shop takes the risk, or card and terminal decide.
    private func decideOffline(
        _ session: CardSession, _ card: CardSummary, _ credentials: Credentials, _ chipData: [UInt8], attempt: Int,
        _ request: PaymentRequest
    ) async {
        // This card's own limit: known only now, and looked at before the card gives a certificate.
        if let refusal = storeRefusal(request, pan: credentials.pan) {
            return post(.cardEnded(.failed(refusal)), to: request.id)
        }
        if mayDefer(request, card) {
            running?.credentials = Credentials(pan: credentials.pan)
            return withAuthorization(card, chipData, attempt, request) { .cardDeferred($0) }
        }
        await completeOffline(session, request) { completion in
            approvedOffline(card, credentials.pan, completion, attempt: attempt, request)
        }
    }

    /// Whether the shop takes the risk of this card. A PIN that was entered for the issuer is not kept (M8), so what it
    /// was entered for cannot be asked later.
    private func mayDefer(_ request: PaymentRequest, _ card: CardSummary) -> Bool {
        request.kind == .sale && configuration.store.defers && card.pinEntry == .none
    }

    private func approvedOffline(
        _ card: CardSummary, _ pan: PAN, _ completion: KernelOutcome.Completion, attempt: Int,
        _ request: PaymentRequest
    ) {
        if let refusal = storeRefusal(request, pan: pan) {
            return post(.cardEnded(.failed(refusal)), to: request.id)
        }
        running?.credentials = Credentials(pan: pan)
        withAuthorization(card, completion.chipData, attempt, request) {
            .cardApprovedOffline($0, completion.result)
        }
    }

    private func cardRead(
        _ card: CardSummary, _ credentials: Credentials, chipData: [UInt8], attempt: Int, _ request: PaymentRequest
    ) {
        running?.credentials = credentials
        withAuthorization(card, chipData, attempt, request) { .cardRead($0) }
    }

    /// Tells the payment's machine of an authorization with the next number.
    private func withAuthorization(
        _ card: CardSummary, _ chipData: [UInt8], _ attempt: Int, _ request: PaymentRequest,
        _ event: (Authorization) -> PaymentMachine.Event
    ) {
        do {
            let (stan, batch) = try journal.numbers()
            let authorization = Authorization(
                request: request, stan: stan, batch: batch, time: acquirerNow, card: card, chipData: chipData,
                attempt: attempt)
            post(event(authorization), to: request.id)
        } catch {
            post(.cardEnded(.failed(unavailable(error))), to: request.id)
        }
    }

    private func makeTransaction(
        _ request: PaymentRequest, online: Bool
    ) throws(PaymentFailure) -> TransactionData {
        let random: [UInt8]
        let stan: STAN
        do {
            random = try devices.entropy.bytes(21)
        } catch {
            throw PaymentFailure(.readerUnavailable, "no unpredictable number: \(error)")
        }
        do {
            stan = try journal.numbers().stan
        } catch {
            throw unavailable(error)
        }
        var transaction = TransactionData(
            amount: request.amount, type: request.kind.chipType, time: acquirerNow, stan: stan,
            unpredictableNumber: random.prefix(4).reduce(0) { $0 << 8 | UInt32($1) },
            randomPercent: Int(random.dropFirst(4).first ?? 0) % 100,
            // With a full queue, and for what only an issuer can grant, the card must ask.
            forcedOnline: online
                && (request.kind != .sale || !configuration.store.takesOffline || storeRefusal(request) != nil))
        transaction?.seed = Array(random.suffix(16))
        guard let transaction else {
            throw PaymentFailure(.cardNotSupported, "an amount of more than twelve digits")
        }
        return transaction
    }
}

extension TransactionKind {
    /// Whether the card itself takes part in the decision; else it only says its number.
    fileprivate var asksCard: Bool {
        switch self {
        case .sale, .offlineSale, .balance, .preauthorization: true
        default: false
        }
    }

    /// Transaction type (9C): the first two digits of the processing code.
    fileprivate var chipType: UInt8 {
        switch self {
        case .balance: 0x31
        case .preauthorization: 0x03
        case .refund: 0x20
        default: 0x00
        }
    }
}

extension TerminalData {
    /// What cards are told where the devices can do these.
    fileprivate func able(_ methods: Set<OfflinePINMethod>) -> TerminalData {
        var data = self
        if methods.contains(.plaintext) { data.capabilities.insert(.plaintextPIN) }
        if methods.contains(.enciphered) { data.capabilities.insert(.encipheredPIN) }
        return data
    }
}

extension CardSession.Pause {
    /// A word for step lines.
    var name: String {
        switch self {
        case .online: "online"
        case .completed(_, let completion): completion.result.cryptogramType.rawValue
        case .cancelled: "cancelled"
        case .failed(let failure): failure.reason.rawValue
        }
    }
}
