import Wire

// Offline data authentication (EMV 4.4 Book 3, 10.3).
extension Session {
    mutating func authenticateData() throws(KernelFailure) -> ContactKernel.Next {
        let (aip, capabilities) = (database.aip, database.capabilities)
        if aip.contains(.cda), capabilities.contains(.cda) {
            // The card's signature comes with the cryptogram (Book 2, 6.6).
            _ = database.recoverCardKey(for: .cda, failed: .cdaFailed)
        } else if aip.contains(.dda), capabilities.contains(.dda) {
            return try authenticateDynamically()
        } else if aip.contains(.sda), capabilities.contains(.sda) {
            database.authenticateStatically()
        } else {
            database.tvr.insert(.dataAuthenticationNotPerformed)
        }
        return try applyRestrictions()
    }

    private mutating func authenticateDynamically() throws(KernelFailure) -> ContactKernel.Next {
        guard database.recoverCardKey(for: .dda, failed: .ddaFailed) else { return try applyRestrictions() }
        guard let values = database.dynamicAuthenticationValues,
            let command = CommandAPDU.internalAuthenticate(values)
        else {
            database.note(.failed.of("9F49 does not ask for 9F37"), .ddaFailed)
            database.tsi.insert(.dataAuthentication)
            return try applyRestrictions()
        }
        return transmit(command, .internalAuthenticate(values: values))
    }

    mutating func receiveDynamicSignature(
        _ response: Response, _ values: [UInt8]
    ) throws(KernelFailure) -> ContactKernel.Next {
        guard response.status == .success else {
            throw KernelFailure(.badStatus, "INTERNAL AUTHENTICATE: \(response.status)", "Book 3, 6.5.9.5")
        }
        guard let objects = try? TLV.parse(response.data), objects.count == 1 else {
            throw KernelFailure(.badData, "unreadable answer to INTERNAL AUTHENTICATE", "Book 3, 6.5.9.4")
        }
        database.verifyDynamic(objects[0], over: values)
        return try applyRestrictions()
    }

    /// Processing restrictions (Book 3, 10.4).
    private mutating func applyRestrictions() throws(KernelFailure) -> ContactKernel.Next {
        try database.applyRestrictions()
        return try verifyCardholder()
    }
}
