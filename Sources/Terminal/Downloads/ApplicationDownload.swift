import EMV
import Wire

/// An application as a download brings it, with what it says of the contactless reader.
struct ApplicationDownload: Equatable, Sendable {
    /// What holds on either interface.
    let parameters: ApplicationParameters
    /// Reader contactless floor limit (DF19), minor units.
    let floorLimit: Int64?
    /// Reader contactless transaction limit (DF20), minor units.
    let transactionLimit: Int64?
    /// Reader CVM required limit (DF21), minor units.
    let verificationLimit: Int64?
    /// Whether a PIN may be sent to the issuer (DF18).
    let takesOnlinePIN: Bool?

    /// Reads 9F06, DF01, 9F09 or 9F08, DF11 to DF21 and 9F1B. The e-cash limit (9F7B) is passed over: e-cash is not taken.
    init(_ entry: [TLV]) throws(ParameterRefusal) {
        let objects = DownloadedObjects(entry)
        func actionCode(_ tag: TLV.Tag) throws(ParameterRefusal) -> TVR {
            TVR(bytes: try objects.required(tag, 5...5)) ?? []
        }
        func percent(_ tag: TLV.Tag) throws(ParameterRefusal) -> Int? {
            try objects.digits(tag, bytes: 1).map { Int($0) }
        }
        var parameters = ApplicationParameters(
            aid: try objects.required(0x9F06, 5...16), tacDenial: try actionCode(0xDF13),
            tacOnline: try actionCode(0xDF12), tacDefault: try actionCode(0xDF11))
        if let match = try objects.value(0xDF01, 1...1) { parameters.allowsPartialMatch = match == [0] }
        for tag: TLV.Tag in [0x9F08, 0x9F09] {
            guard let number = try objects.value(tag, 2...2) else { continue }
            parameters.version = number.reduce(0) { $0 << 8 | UInt16($1) }
        }
        if let limit = try objects.number(0x9F1B) { parameters.floorLimit = limit }
        if let list = try objects.value(0xDF14, 1...64) { parameters.defaultDDOL = list }
        if let threshold = try objects.number(0xDF15) { parameters.randomSelection.threshold = threshold }
        if let most = try percent(0xDF16) { parameters.randomSelection.maximumPercent = most }
        if let target = try percent(0xDF17) { parameters.randomSelection.targetPercent = target }
        if let contradiction = parameters.contradiction { throw ParameterRefusal(contradiction) }
        self.parameters = parameters
        takesOnlinePIN = try objects.value(0xDF18, 1...1).map { $0 != [0] }
        floorLimit = try objects.digits(0xDF19, bytes: 6)
        transactionLimit = try objects.digits(0xDF20, bytes: 6)
        verificationLimit = try objects.digits(0xDF21, bytes: 6)
    }

    /// The combination with the limits of this application in place of its own.
    func applied(to combination: Combination) -> Combination {
        var combination = combination
        combination.parameters = parameters
        combination.floorLimit = floorLimit ?? combination.floorLimit
        combination.transactionLimit = transactionLimit ?? combination.transactionLimit
        combination.verificationLimit = verificationLimit ?? combination.verificationLimit
        switch takesOnlinePIN {
        case true?: combination.qualifiers.insert(.onlinePIN)
        case false?: combination.qualifiers.remove(.onlinePIN)
        case nil: break
        }
        return combination
    }

    /// What the contactless reader accepts where nothing is configured for this application: its scheme's kernel with
    /// these limits; nil where it has none.
    var combination: Combination? {
        guard floorLimit != nil || transactionLimit != nil || verificationLimit != nil,
            let kernel = ContactlessKernelID(ofScheme: parameters.aid)
        else { return nil }
        return applied(to: Combination(parameters: parameters, kernel: kernel))
    }
}
