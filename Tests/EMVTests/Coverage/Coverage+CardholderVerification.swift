extension Coverage {
    static let cardholderVerification = Section("Cardholder verification", [])
}
