extension Coverage {
    static let cardholderVerification = Section(
        "Cardholder verification",
        [
            Group("VerificationTests", "The CVM list", VerificationTests.list),
            Group("VerificationTests", "Conditions of rules", VerificationTests.conditions),
            Group("VerificationTests", "Online PIN", VerificationTests.onlinePIN),
            Group("VerificationTests", "Plaintext PIN", VerificationTests.plaintext),
            Group("VerificationTests", "Enciphered PIN", VerificationTests.enciphered),
        ])
}
