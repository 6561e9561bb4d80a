/// What the chip card's processing left behind, for receipt, journal and technician. Bytes in hexadecimal.
public struct ChipResult: Hashable, Codable, Sendable {
    /// The application.
    public let application: CardApplication
    /// The last cryptogram's type.
    public let cryptogramType: CryptogramType
    /// Application cryptogram (9F26).
    public let cryptogram: String
    /// Terminal verification results (95).
    public let tvr: String
    /// Transaction status information (9B).
    public let tsi: String
    /// Application transaction counter (9F36).
    public let atc: String
    /// CVM results (9F34).
    public let cvmResults: String
    /// Issuer application data (9F10).
    public let issuerApplicationData: String
    /// Unpredictable number (9F37).
    public let unpredictableNumber: String
    /// Application interchange profile (82).
    public let aip: String
    /// PAN sequence number (5F34), 0–99.
    public let sequenceNumber: Int?
    /// Terminal capabilities (9F33).
    public let terminalCapabilities: String
    /// Whether the customer has to sign.
    public let signatureRequired: Bool
    /// Issuer script results as the acquirer wants them (DF31); empty without scripts.
    public let scriptResults: String
    /// Authorisation response code (8A) that the card was told last: field 39, or the terminal's own, `Y1`, `Z1`, `Y3`, `Z3`;
    /// nil where it was told none.
    public let responseCode: String?
    /// What the last cryptogram said beside its type; nil where it said nothing.
    public let advice: CardAdvice?

    /// A result of these parts.
    public init(
        application: CardApplication, cryptogramType: CryptogramType, cryptogram: String, tvr: String, tsi: String,
        atc: String, cvmResults: String, issuerApplicationData: String, unpredictableNumber: String, aip: String,
        sequenceNumber: Int?, terminalCapabilities: String, signatureRequired: Bool, scriptResults: String,
        responseCode: String? = nil, advice: CardAdvice? = nil
    ) {
        self.application = application
        self.cryptogramType = cryptogramType
        self.cryptogram = cryptogram
        self.tvr = tvr
        self.tsi = tsi
        self.atc = atc
        self.cvmResults = cvmResults
        self.issuerApplicationData = issuerApplicationData
        self.unpredictableNumber = unpredictableNumber
        self.aip = aip
        self.sequenceNumber = sequenceNumber
        self.terminalCapabilities = terminalCapabilities
        self.signatureRequired = signatureRequired
        self.scriptResults = scriptResults
        self.responseCode = responseCode
        self.advice = advice
    }

    /// The kinds of application cryptogram (EMV 4.4 Book 3, 6.5.5).
    public enum CryptogramType: String, Codable, Sendable {
        /// Transaction certificate: approved.
        case tc = "TC"
        /// Authorisation request: go online.
        case arqc = "ARQC"
        /// Application authentication cryptogram: declined.
        case aac = "AAC"
    }
}
