import EMV
import PaymentCryptography
import Payments
import Wire

/// An application on a simulated card: what it is, its keys, its counters, and how far the running payment is.
struct CardApplicationState: Sendable {
    let profile: ApplicationProfile
    let habit: CardHabit
    let files: ApplicationFiles
    /// What is read without contacts.
    let contactlessFiles: ApplicationFiles
    let keys: CardKeys
    let key: RSAPrivateKey?
    /// Under its public half a PIN comes enciphered.
    let pinKey: RSAPrivateKey?

    // What the card never forgets.
    /// Application transaction counter (9F36).
    var counter: UInt16 = 0
    /// Its value when the issuer was last heard (9F13).
    var lastOnlineCounter: UInt16 = 0
    /// Offline approvals since then.
    var offlineApprovals: UInt8 = 0
    /// The PIN and its tries.
    var pin: PINMemory
    var isBlocked: Bool
    var lowerOfflineLimit: UInt8
    var upperOfflineLimit: UInt8
    /// What the next payment tells the issuer about the last one.
    var memory = CardMemory()

    /// Whether the device asks its holder to unlock it, and whether that was done.
    var asksForDevice = false
    var isUnlocked = false
    /// The last cryptogram that was given without contacts.
    var lastTap: LastTap?

    /// How far the running payment is.
    var payment = CardPayment()

    init(_ profile: ApplicationProfile, habit: CardHabit) throws(CardError) {
        self.profile = profile
        self.habit = habit
        files = try ApplicationFiles(profile, habit)
        contactlessFiles =
            try profile.contactless.map { side throws(CardError) in
                try ApplicationFiles(profile, side, habit)
            } ?? files
        isBlocked = profile.isBlocked
        lowerOfflineLimit = profile.lowerOfflineLimit
        upperOfflineLimit = profile.upperOfflineLimit
        do {
            pin = try PINMemory(profile.account.pin)
            keys = try CardKeys.of(profile.account, version: profile.cryptogramVersion)
            key = profile.authentication >= .dda ? try profile.account.issuer.cardKey.key() : nil
            pinKey = profile.hasPINKey ? try TestKeys.cardPIN.key() : key
        } catch {
            throw CardError(profile.label, error.description)
        }
    }

    /// SELECT was answered with this application.
    mutating func beginSession() { payment = CardPayment() }

    /// File control information (6F; EMV 4.4 Book 1, 11.3.4).
    func controlInformation(_ interface: CardInterface) -> Response {
        let languages = TLV(.languagePreference, Array("zhen".utf8))
        let list = interface == .contact ? profile.pdol : profile.contactless?.pdol ?? []
        let pdol = list.isEmpty ? [] : [TLV(.pdol, list)]
        let content = habit.edited(names + pdol + [languages], false)
        let outer = [TLV(.dedicatedFileName, profile.aid), TLV(.fciProprietary, TLV.encode(content))]
        let template = TLV(.fciTemplate, TLV.encode(habit.edited(outer, false)))
        return Response(template.encoded, isBlocked ? .fileInvalidated : .success)
    }

    /// The entry of the payment system directory (61; Book 1, 12.2.3).
    var directoryEntry: [UInt8] { TLV.encode(habit.edited([TLV(.aid, profile.aid)] + names, false)) }

    var names: [TLV] {
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
    func record(file: UInt8, number: UInt8, _ interface: CardInterface) -> Response {
        let files = interface == .contact ? files : contactlessFiles
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
        return answer([TLV(.aip, profile.interchangeProfile), TLV(.afl, files.locator)])
    }

    /// GET DATA (Book 3, 6.5.7).
    func getData(_ command: CommandAPDU) -> Response {
        let tag = TLV.Tag(rawValue: UInt32(command.p1) << 8 | UInt32(command.p2))
        let value: [UInt8]
        switch tag {
        case .atc: value = bytes(counter)
        case .lastOnlineATC: value = bytes(lastOnlineCounter)
        case .pinTryCounter: value = [pin.triesLeft]
        case Self.lowerOfflineLimitTag: value = [lowerOfflineLimit]
        case Self.upperOfflineLimitTag: value = [upperOfflineLimit]
        default: return Response([], .dataNotFound)
        }
        return Response(TLV(tag, value).encoded)
    }

    /// An answer in the format of this card: 80 with plain values, or 77 with data objects.
    func answer(_ objects: [TLV]) -> Response {
        let objects = habit.edited(objects, false)
        return Response(
            profile.usesTemplate77
                ? TLV(.responseFormat2, TLV.encode(objects)).encoded
                : TLV(.responseFormat1, objects.flatMap { Array($0.value) }).encoded)
    }

    /// A counter as two bytes.
    func bytes(_ number: UInt16) -> [UInt8] { [UInt8(number >> 8), UInt8(number & 0xFF)] }

    /// UnionPay's tags for the limits that PUT DATA may change.
    static let lowerOfflineLimitTag: TLV.Tag = 0x9F58
    static let upperOfflineLimitTag: TLV.Tag = 0x9F59
}
