import EMV
import PaymentCryptography
import Payments
import Wire

/// An application on a simulated card: what it is, its keys, its counters, and how far the running payment is.
struct CardApplicationState: Sendable {
    let profile: ApplicationProfile
    let habit: CardHabit
    let files: ApplicationFiles
    let keys: CardKeys
    let key: RSAPrivateKey?

    // What the card never forgets.
    /// Application transaction counter (9F36).
    var counter: UInt16 = 0
    /// Its value when the issuer was last heard (9F13).
    var lastOnlineCounter: UInt16 = 0
    /// Offline approvals since then.
    var offlineApprovals: UInt8 = 0
    /// PIN tries left (9F17).
    var pinTries: UInt8 = Self.pinTryLimit
    var isBlocked: Bool
    var lowerOfflineLimit: UInt8
    var upperOfflineLimit: UInt8
    /// What the next payment tells the issuer about the last one.
    var memory = CardMemory()

    /// How far the running payment is.
    var payment = CardPayment()

    init(_ profile: ApplicationProfile, habit: CardHabit) throws(CardError) {
        self.profile = profile
        self.habit = habit
        files = try ApplicationFiles(profile)
        isBlocked = profile.isBlocked
        lowerOfflineLimit = profile.lowerOfflineLimit
        upperOfflineLimit = profile.upperOfflineLimit
        do {
            keys = try CardKeys.of(profile.account, version: profile.cryptogramVersion)
            key = profile.authentication >= .dda ? try profile.account.issuer.cardKey.key() : nil
        } catch {
            throw CardError(profile.label, error.description)
        }
    }

    static let pinTryLimit: UInt8 = 3

    /// SELECT was answered with this application.
    mutating func beginSession() { payment = CardPayment() }

    /// File control information (6F; EMV 4.4 Book 1, 11.3.4).
    var controlInformation: Response {
        let languages = TLV(.languagePreference, Array("zhen".utf8))
        let pdol = profile.pdol.isEmpty ? [] : [TLV(.pdol, profile.pdol)]
        let content = names + pdol + [languages]
        let template = TLV(
            .fciTemplate,
            TLV.encode([TLV(.dedicatedFileName, profile.aid), TLV(.fciProprietary, TLV.encode(content))]))
        return Response(template.encoded, isBlocked ? .fileInvalidated : .success)
    }

    /// The entry of the payment system directory (61; Book 1, 12.2.3).
    var directoryEntry: [UInt8] { TLV.encode([TLV(.aid, profile.aid)] + names) }

    private var names: [TLV] {
        var objects = [TLV(.applicationLabel, Array(profile.label.utf8))]
        if profile.priority > 0 {
            objects.append(TLV(.applicationPriority, [profile.priority | (profile.needsConfirmation ? 0x80 : 0x00)]))
        }
        if let name = profile.preferredName {
            objects.append(TLV(.issuerCodeTable, [0x01]))
            objects.append(TLV(.preferredName, Array(name.utf8)))
        }
        return objects
    }

    /// READ RECORD inside the application.
    func record(file: UInt8, number: UInt8) -> Response {
        if habit == .endlessRecords { return Response([0x70, 0x02, 0x00, 0x00]) }
        if let record = files.records[ApplicationFiles.Address(file: file, record: number)] { return Response(record) }
        let isKnown = files.records.keys.contains { $0.file == file }
        return Response([], isKnown ? .recordNotFound : .fileNotFound)
    }

    /// GET PROCESSING OPTIONS (Book 3, 6.5.8): counts the payment and tells what to read.
    mutating func getProcessingOptions(_ command: CommandAPDU) -> Response {
        guard !isBlocked, payment.stage == .selected, counter < UInt16.max else {
            return Response([], .conditionsNotSatisfied)
        }
        guard command.p1 == 0, command.p2 == 0 else { return Response([], .wrongParameters) }
        guard let objects = try? TLV.parse(command.data), objects.count == 1, let template = objects.first,
            template.tag == .commandTemplate
        else { return Response([], .wrongData) }
        guard template.value.count == DataObjectList(profile.pdol).length else { return Response([], .wrongLength) }
        counter += 1
        payment.stage = .initiated
        payment.optionsData = Array(template.value)
        let profileBytes = profile.interchangeProfile
        let locator = habit == .endlessRecords ? Self.endlessLocator : files.locator
        return answer(
            plain: profileBytes + locator, template: [TLV(.aip, profileBytes), TLV(.afl, locator)])
    }

    /// GET DATA (Book 3, 6.5.7).
    func getData(_ command: CommandAPDU) -> Response {
        let tag = TLV.Tag(rawValue: UInt32(command.p1) << 8 | UInt32(command.p2))
        let value: [UInt8]
        switch tag {
        case .atc: value = bytes(counter)
        case .lastOnlineATC: value = bytes(lastOnlineCounter)
        case .pinTryCounter: value = [pinTries]
        case Self.lowerOfflineLimitTag: value = [lowerOfflineLimit]
        case Self.upperOfflineLimitTag: value = [upperOfflineLimit]
        default: return Response([], .dataNotFound)
        }
        return Response(TLV(tag, value).encoded)
    }

    /// VERIFY with a plain-text PIN (Book 3, 6.5.12).
    mutating func verify(_ command: CommandAPDU) -> Response {
        guard command.p1 == 0x00, command.p2 == 0x80 else { return Response([], .wrongParameters) }
        guard command.data.count == 8 else { return Response([], .wrongLength) }
        guard pinTries > 0 else { return Response([], .authenticationMethodBlocked) }
        payment.pinWasChecked = true
        let pin = profile.account.pin
        let digits = try? BCD.encode(pin, .left(pad: 0x0F))
        let block = [0x20 | UInt8(truncatingIfNeeded: pin.utf8.count)] + (digits ?? [])
        guard digits != nil, command.data == block + [UInt8](repeating: 0xFF, count: max(0, 8 - block.count)) else {
            pinTries -= 1
            payment.pinFailed = true
            return Response([], .triesLeft(pinTries))
        }
        pinTries = Self.pinTryLimit
        payment.pinFailed = false
        return Response()
    }

    /// An answer in the format of this card: 80 with plain values, or 77 with data objects.
    func answer(plain: [UInt8], template: [TLV]) -> Response {
        Response(
            profile.usesTemplate77
                ? TLV(.responseFormat2, TLV.encode(template)).encoded : TLV(.responseFormat1, plain).encoded)
    }

    /// A counter as two bytes.
    func bytes(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }

    /// UnionPay's tags for the limits that PUT DATA may change.
    static let lowerOfflineLimitTag: TLV.Tag = 0x9F58
    static let upperOfflineLimitTag: TLV.Tag = 0x9F59
    /// Every record of files 1 to 30.
    private static let endlessLocator: [UInt8] = (1...30).flatMap { [UInt8($0 << 3), 0x01, 0xFF, 0x00] }
}
