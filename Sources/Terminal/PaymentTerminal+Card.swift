import EMV
import Engine
import HAL
import Journaling
import Payments

/// The card's part of a payment.
extension PaymentTerminal {
    /// Starts a session with the card; its end comes back as an event.
    func readCard(_ request: PaymentRequest) {
        let kernel: ContactKernel
        do {
            kernel = try makeKernel(request)
        } catch {
            return post(.cardEnded(.failed(error)), to: request.id)
        }
        let session = CardSession(
            kernel: kernel, amount: request.amount, devices: devices, waits: configuration.waits,
            report: { [weak self] step, detail in await self?.step(step, detail, of: request.id) })
        running?.session = session
        let earlier = dismissal
        running?.cardTask = Task {
            await earlier?.value
            cardPaused(await session.read(), request)
        }
    }

    /// Tells the card what the acquirer answered.
    func completeCard(_ reply: Reply) {
        guard let payment = running else { return }
        let id = payment.request.id
        guard let session = payment.session else { return post(.cardCompleted(agreed: true, nil), to: id) }
        let online = OnlineReply(
            approved: reply.verdict == .approved, code: reply.code, chipData: reply.chipData)
        Task {
            let pause = await session.complete(online)
            step(.cardCompleted, pause.name, of: id)
            switch pause {
            case .completed(let verdict, let completion):
                post(.cardCompleted(agreed: verdict == .approvedOnline, completion.result), to: id)
            case .failed(let failure):
                post(.cardLost(failure), to: id)
            case .cancelled, .online:
                post(.cardLost(PaymentFailure(.cardUnreadable, "the card's completion broke off")), to: id)
            }
        }
    }

    private func cardPaused(_ pause: CardSession.Pause, _ request: PaymentRequest) {
        switch pause {
        case .online(let online, let pinBlock):
            step(.cryptogramMade, "ARQC, field 55 of \(online.chipData.count) bytes", of: request.id)
            authorize(online, pinBlock, request)
        case .completed(.declinedOffline, let completion):
            post(.cardEnded(.declinedByCard(nil, completion.result)), to: request.id)
        case .completed(let verdict, _):
            let detail = "the card ended with \(verdict.rawValue), which this terminal does not take offline"
            post(.cardEnded(.failed(PaymentFailure(.cardNotSupported, detail))), to: request.id)
        case .cancelled:
            post(.cardEnded(.cancelled(by: .customer)), to: request.id)
        case .failed(let failure):
            post(.cardEnded(.failed(failure)), to: request.id)
        }
    }

    private func authorize(_ online: OnlineRequest, _ pinBlock: SecretBytes?, _ request: PaymentRequest) {
        let card = online.card
        do {
            let (stan, batch) = try journal.numbers()
            let authorization = Authorization(
                request: request, stan: stan, batch: batch, time: devices.clock.localTime(),
                card: CardSummary(
                    maskedPAN: card.pan.masked, expiry: card.expiry, sequenceNumber: card.sequenceNumber,
                    entryMode: .contactChip, pinEntry: online.pinEntry, application: card.application),
                chipData: online.chipData)
            running?.credentials = Credentials(pan: card.pan, track2: card.track2, pinBlock: pinBlock)
            post(.cardRead(authorization), to: request.id)
        } catch {
            post(.cardEnded(.failed(PaymentFailure(.journalUnavailable, "\(error)"))), to: request.id)
        }
    }

    private func makeKernel(_ request: PaymentRequest) throws(PaymentFailure) -> ContactKernel {
        let random: [UInt8]
        let stan: STAN
        do {
            random = try devices.entropy.bytes(5)
        } catch {
            throw PaymentFailure(.readerUnavailable, "no unpredictable number: \(error)")
        }
        do {
            stan = try journal.numbers().stan
        } catch {
            throw PaymentFailure(.journalUnavailable, "\(error)")
        }
        let transaction = TransactionData(
            amount: request.amount, time: devices.clock.localTime(), stan: stan,
            unpredictableNumber: random.prefix(4).reduce(0) { $0 << 8 | UInt32($1) },
            randomPercent: Int(random.last ?? 0) % 100)
        guard let transaction else {
            throw PaymentFailure(.cardNotSupported, "an amount of more than twelve digits")
        }
        return ContactKernel(terminal: configuration.terminalData, transaction: transaction)
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
