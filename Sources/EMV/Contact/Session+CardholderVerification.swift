import Payments

// Cardholder verification (EMV 4.4 Book 3, 10.5).
extension Session {
    mutating func verifyCardholder() throws(KernelFailure) -> ContactKernel.Next {
        guard database.aip.contains(.cardholderVerification) else { return try manageRisk() }
        // A list without rules is no list.
        guard let list = database.card[.cvmList], list.count != 8 else {
            database.tvr.insert(.cardDataMissing)
            return try manageRisk()
        }
        guard list.count > 8, list.count % 2 == 0 else {
            throw KernelFailure(.badData, "a wrong CVM list", "Book 3, 10.5")
        }
        return try applyRules(from: 0)
    }

    private mutating func applyRules(from start: Int) throws(KernelFailure) -> ContactKernel.Next {
        for (index, rule) in database.verificationRules.enumerated().dropFirst(start)
        where database.isSatisfied(rule) {
            if let next = try apply(rule, index) { return next }
            guard rule.continuesOnFailure else { break }
        }
        return try endVerification(successful: false)
    }

    /// What comes of a rule; nil if it failed.
    private mutating func apply(_ rule: VerificationRule, _ index: Int) throws(KernelFailure) -> ContactKernel.Next? {
        guard let method = rule.method else {
            database.tvr.insert(.unrecognisedMethod)
            return nil
        }
        if method == .fail {
            note(rule, 0x01)
            return try endVerification(successful: false)
        }
        guard database.capabilities.isSuperset(of: method.required) else {
            if !database.capabilities.isSuperset(of: method.pin) { database.tvr.insert(.pinPadMissing) }
            return nil
        }
        guard method.pin.isEmpty else { return try beginPIN(PendingPIN(index: index, rule: rule, method: method)) }
        database.signatureRequired = method == .signature
        note(rule, method == .signature ? 0x00 : 0x02)
        return try endVerification(successful: true)
    }

    private mutating func endVerification(successful: Bool) throws(KernelFailure) -> ContactKernel.Next {
        database.tsi.insert(.cardholderVerification)
        if !successful {
            database.tvr.insert(.verificationFailed)
            // No method was tried at all (Book 4, 6.3.4.5).
            if database.cvmResults[0] == 0x3F { database.cvmResults = [0x3F, 0x00, 0x01] }
        }
        return try manageRisk()
    }

    /// Notes the result of a rule: 0 unknown, 1 failed, 2 successful (Book 4, Annex A4).
    private mutating func note(_ rule: VerificationRule, _ result: UInt8) {
        database.cvmResults = [rule.code, rule.condition, result]
    }
}

// Online and offline PIN (EMV 4.4 Book 3, 10.5.1 and 10.5.2; Book 4, 6.3.4).
extension Session {
    /// Begins with a PIN. An obstacle that was met once stands for every later rule that wants one (Book 4, 6.3.4.3).
    private mutating func beginPIN(_ pin: PendingPIN) throws(KernelFailure) -> ContactKernel.Next? {
        if let pinObstacle {
            noteObstacle(pinObstacle, pin)
            return nil
        }
        if pin.method == .onlinePIN {
            guard let pan = database.cardRead?.pan else { return nil }
            return ContactKernel.Next(state: .enteringPIN(self, pin), action: .requestOnlinePIN(pan))
        }
        var pin = pin
        note(pin.rule, 0x01)
        guard !database.tvr.contains(.pinTryLimitExceeded) else { return nil }
        if pin.method.pin == .encipheredPIN {
            guard let key = database.recoverPINKey() else { return nil }
            pin.key = key
        }
        return transmit(.getData(.pinTryCounter), .pinTryCounter(pin))
    }

    private mutating func noteObstacle(_ outcome: ContactKernel.PINOutcome, _ pin: PendingPIN) {
        database.tvr.insert(outcome == .bypassed ? .pinNotEntered : .pinPadMissing)
        note(pin.rule, 0x01)
    }

    private mutating func fail(_ pin: PendingPIN) throws(KernelFailure) -> ContactKernel.Next {
        note(pin.rule, 0x01)
        guard pin.rule.continuesOnFailure else { return try endVerification(successful: false) }
        return try applyRules(from: pin.index + 1)
    }

    mutating func receiveTryCounter(
        _ response: Response, _ pin: PendingPIN
    ) throws(KernelFailure) -> ContactKernel.Next {
        var pin = pin
        // A card that does not give its counter is asked all the same.
        pin.triesLeft = response.object(.pinTryCounter, length: 1).map { Int($0[0]) }
        guard pin.triesLeft != 0 else {
            database.tvr.insert(.pinTryLimitExceeded)
            return try fail(pin)
        }
        return askOfflinePIN(pin)
    }

    /// Asks for a PIN for the card; an enciphered one takes a fresh number of the card each time.
    private func askOfflinePIN(_ pin: PendingPIN) -> ContactKernel.Next {
        guard pin.key == nil else { return transmit(.getChallenge, .challenge(pin)) }
        return request(pin, .plaintext)
    }

    mutating func receiveChallenge(
        _ response: Response, _ pin: PendingPIN
    ) throws(KernelFailure) -> ContactKernel.Next {
        // Without the card's number the PIN cannot be enciphered (Book 2, 7.2).
        guard response.status == .success, response.data.count == 8, let key = pin.key else { return try fail(pin) }
        return request(pin, .enciphered(key, challenge: response.data))
    }

    private func request(_ pin: PendingPIN, _ method: OfflinePINQuery.Method) -> ContactKernel.Next {
        let query = OfflinePINQuery(method: method, triesLeft: pin.triesLeft, isRetry: pin.failures > 0)
        return ContactKernel.Next(state: .enteringPIN(self, pin), action: .requestOfflinePIN(query))
    }

    mutating func receive(
        _ outcome: ContactKernel.PINOutcome, _ pin: PendingPIN
    ) throws(KernelFailure) -> ContactKernel.Next {
        switch (outcome, pin.method.pin) {
        case (.entered, .onlinePIN):
            database.tvr.insert(.onlinePINEntered)
            pinEntry = .online
            note(pin.rule, 0x00)
            return try endVerification(successful: true)
        case (.enciphered(let data), .encipheredPIN):
            guard let command = CommandAPDU.verify(enciphered: data) else {
                throw KernelFailure(.badData, "enciphered PIN data of \(data.count) bytes", "Book 2, 7.2")
            }
            return transmit(command, .verify(pin))
        case (.answered(let bytes), .plaintextPIN):
            guard let response = Response(bytes: bytes) else {
                throw KernelFailure(.badData, "an answer of \(bytes.count) bytes", "Book 3, 6.3.3")
            }
            return try receiveVerification(response, pin)
        default:
            // An outcome of another way than the one that was asked for is a device out of order.
            let obstacle = outcome == .bypassed ? outcome : .padFailed
            pinObstacle = obstacle
            noteObstacle(obstacle, pin)
            return try fail(pin)
        }
    }

    /// The card's answer to VERIFY (Book 3, 6.5.12.5 and 10.5.1).
    mutating func receiveVerification(
        _ response: Response, _ pin: PendingPIN
    ) throws(KernelFailure) -> ContactKernel.Next {
        let status = response.status
        if status == .success {
            pinEntry = .offline
            database.signatureRequired = pin.method.wantsSignature
            note(pin.rule, pin.method.wantsSignature ? 0x00 : 0x02)
            return try endVerification(successful: true)
        }
        let triesLeft: Int? =
            switch status {
            case .methodBlocked, .dataInvalidated: 0
            default: status.sw1 == 0x63 && status.sw2 & 0xF0 == 0xC0 ? Int(status.sw2 & 0x0F) : nil
            }
        guard let triesLeft else { throw KernelFailure(.badStatus, "VERIFY: \(status)", "Book 3, 6.5.12.5") }
        var pin = pin
        pin.triesLeft = triesLeft
        pin.failures += 1
        guard triesLeft > 0, pin.failures < PendingPIN.mostFailures else {
            database.tvr.insert(.pinTryLimitExceeded)
            return try fail(pin)
        }
        return askOfflinePIN(pin)
    }
}
