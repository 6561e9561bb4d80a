import Engine
import Foundation
import PaymentCryptography
import Payments
import Synchronization
import Terminal
import Testing

/// Each test has a folder of its own, which goes with it.
final class OperatorStoreTests {
    /// The journal, or what stands for one that takes nothing.
    private final class Acts: Sendable {
        struct Full: Error {}
        private let state = Mutex<(acts: [OperatorAct], isFull: Bool)>(([], false))
        var all: [OperatorAct] { state.withLock { $0.acts } }
        var isFull: Bool {
            get { state.withLock { $0.isFull } }
            set { state.withLock { $0.isFull = newValue } }
        }
        func append(_ act: OperatorAct) throws {
            try state.withLock { state in
                guard !state.isFull else { throw Full() }
                state.acts.append(act)
            }
        }
    }

    private let folder: URL
    private var path: String { folder.appending(path: "operators").path }
    private let acts = Acts()
    private static let cashier = OperatorNumber(rawValue: "01") ?? .supervisor
    private static let right = pin("735197")
    private static let wrong = pin("735198")

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tender-operators-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    @Test func `a shop without operators allows nothing and keeps no file`() async throws {
        let store = try open()
        for permission in Permission.allCases {
            await #expect(throws: OperatorRefusal.notSetUp) {
                try await store.allow(permission, by: .supervisor, pin: Self.right)
            }
        }
        await #expect(throws: OperatorRefusal.notSetUp) { try await store.signOn(Self.cashier, pin: Self.right) }
        await #expect(throws: OperatorRefusal.notSetUp) {
            try await store.change(.add, of: Self.cashier, newPIN: Self.right, by: nil, pin: nil)
        }
        #expect(acts.all.isEmpty && !FileManager.default.fileExists(atPath: path))
    }

    @Test func `the way of a shop, act by act`() async throws {
        let store = try await shop()
        try await store.change(.add, of: Self.cashier, newPIN: Self.pin("1111"), by: .supervisor, pin: Self.right)
        try await store.signOn(Self.cashier, pin: Self.pin("1111"))
        #expect(await store.signedOn == Self.cashier)
        let request = RequestID(rawValue: "R-7")
        try await store.allow(.takeBack, by: .supervisor, pin: Self.right, whom: Self.cashier, request: request)
        try await store.change(
            .changePIN, of: Self.cashier, newPIN: Self.pin("2222"), by: Self.cashier, pin: Self.pin("1111"))
        await #expect(throws: OperatorRefusal.wrongPIN(Self.cashier, triesLeft: 4)) {
            try await store.signOn(Self.cashier, pin: Self.pin("1111"))
        }
        try await store.signOn(.supervisor, pin: Self.right)
        try await store.change(.remove, of: Self.cashier, by: .supervisor, pin: Self.right)
        try await store.signOff()
        try await store.signOff()
        #expect(
            acts.all == [
                OperatorAct(nil, .added, whom: .administrator),
                OperatorAct(.administrator, .added, whom: .supervisor),
                OperatorAct(.supervisor, .added, whom: Self.cashier), OperatorAct(Self.cashier, .signedOn),
                OperatorAct(.supervisor, .allowed(.takeBack), whom: Self.cashier, request: request),
                OperatorAct(Self.cashier, .changedPIN, whom: Self.cashier),
                OperatorAct(Self.cashier, .wrongPIN(count: 1)), OperatorAct(Self.cashier, .signedOff),
                OperatorAct(.supervisor, .signedOn), OperatorAct(.supervisor, .removed, whom: Self.cashier),
                OperatorAct(.supervisor, .signedOff),
            ])
        #expect(try await open().operators == store.operators)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["kek", "operators"])
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    /// Whoever pulls the plug after each try has no more tries.
    @Test(arguments: [false, true]) func `five wrong PINs lock, also over restarts`(restarts: Bool) async throws {
        var store = try await shop()
        for left in [4, 3, 2, 1] {
            if restarts { store = try open() }
            await #expect(throws: OperatorRefusal.wrongPIN(.supervisor, triesLeft: left)) {
                try await store.allow(.settle, by: .supervisor, pin: Self.wrong)
            }
            #expect(try await open().operators.accounts.first?.tries == 5 - left)
        }
        if restarts { store = try open() }
        let locked = OperatorRefusal.locked(.supervisor, by: [.administrator])
        for pin in [Self.wrong, Self.right, Self.wrong] {
            await #expect(throws: locked) { try await store.allow(.settle, by: .supervisor, pin: pin) }
            if restarts { store = try open() }
        }
        #expect(
            acts.all.suffix(2) == [OperatorAct(.supervisor, .wrongPIN(count: 4)), OperatorAct(.supervisor, .locked)])
        try await store.change(.unlock, of: .supervisor, by: .administrator, pin: Self.right)
        #expect(acts.all.last == OperatorAct(.administrator, .unlocked, whom: .supervisor))
        try await open().allow(.settle, by: .supervisor, pin: Self.right)
        #expect(acts.all.last == OperatorAct(.supervisor, .allowed(.settle)))
    }

    @Test func `a right PIN takes the count back`() async throws {
        let store = try await shop()
        for _ in 0..<3 {
            for _ in 0..<4 {
                await #expect(throws: OperatorRefusal.self) {
                    try await store.allow(.settle, by: .supervisor, pin: Self.wrong)
                }
            }
            try await store.allow(.settle, by: .supervisor, pin: Self.right)
            #expect(try await open().operators.accounts.first?.tries == 0)
        }
    }

    @Test func `many who guess at once have no more tries than one`() async throws {
        let store = try await shop()
        let refusals = await withTaskGroup(of: OperatorRefusal?.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        try await store.allow(.settle, by: .supervisor, pin: Self.wrong)
                        return nil
                    } catch {
                        return error as? OperatorRefusal
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(refusals.filter { $0 == .locked(.supervisor, by: [.administrator]) }.count == 16)
        #expect(acts.all.filter { $0.who == .supervisor }.count == 5)
    }

    /// On a disk that takes nothing a right PIN is worth no more than a wrong one, so nothing can be guessed.
    @Test func `a try that cannot be counted is none`() async throws {
        let store = try await shop()
        let kept = folder.appending(path: "kept")
        try FileManager.default.createDirectory(at: kept, withIntermediateDirectories: false)
        try FileManager.default.moveItem(atPath: path, toPath: kept.appending(path: "operators").path)
        // A folder in its place: no rename can replace it.
        try FileManager.default.createDirectory(
            atPath: "\(path)/full", withIntermediateDirectories: true)
        for pin in [Self.right, Self.wrong] {
            let error = await #expect(throws: CryptographyError.self) {
                try await store.allow(.settle, by: .supervisor, pin: pin)
            }
            #expect(error?.reason == .unusableFile)
        }
        #expect(acts.all.count == 2)
    }

    @Test func `what the journal does not take is not allowed and not changed`() async throws {
        let store = try await shop()
        let before = await store.operators
        acts.isFull = true
        await #expect(throws: Acts.Full.self) { try await store.allow(.settle, by: .supervisor, pin: Self.right) }
        await #expect(throws: Acts.Full.self) { try await store.signOn(.supervisor, pin: Self.right) }
        await #expect(throws: Acts.Full.self) {
            try await store.change(.remove, of: .supervisor, by: .administrator, pin: Self.right)
        }
        #expect(await store.operators == before)
        #expect(await store.signedOn == nil)
        await #expect(throws: Acts.Full.self) { try await store.allow(.settle, by: .supervisor, pin: Self.wrong) }
        #expect(try await open().operators.accounts.first?.tries == 1)
    }

    @Test func `a changed, foreign or open file is refused and kept`() async throws {
        _ = try await shop()
        let whole = try Data(contentsOf: URL(filePath: path))
        for index in [0, whole.count / 2, whole.count - 1] {
            var changed = whole
            changed[index] ^= 1
            try write(changed)
            expectDamaged()
        }
        // Well sealed, and still no list of operators.
        let hash = "scrypt$16$1$1$" + String(repeating: "0A", count: 16) + "$" + String(repeating: "0B", count: 32)
        let good = #"{"hash":"\#(hash)","number":"00","tries":0}"#
        for text in [
            "", "[]", #"{"operators":[],"version":2}"#, #"{"operators":[\#(good),\#(good)],"version":1}"#,
            #"{"operators":[\#(good.replacing(":0}", with: ":-1}"))],"version":1}"#,
            #"{"operators":[\#(good.replacing("00", with: "0"))],"version":1}"#,
            #"{"operators":[\#(good.replacing(#""00""#, with: #""01""#))],"version":1}"#,
            #"{"operators":[\#(good.replacing("$16$", with: "$1073741824$"))],"version":1}"#,
        ] {
            try seal(text)
            expectDamaged()
        }
        try seal(#"{"operators":[\#(good)],"version":1}"#)
        #expect(try await open().operators.accounts.map(\.number) == [.supervisor])
        // A whole file of another terminal.
        try write(whole)
        try FileManager.default.removeItem(at: folder.appending(path: "kek"))
        expectDamaged()
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        let error = #expect(throws: CryptographyError.self) { try open() }
        #expect(error?.description == "\(path): mode 0640, must be 0600: insecureFile")
    }

    /// Neither PIN nor hash is in a file in clear, in an act or in an error (M8).
    @Test func `no PIN leaves the store`() async throws {
        let store = try await shop()
        var said = ""
        for pin in [Self.wrong, Self.right] {
            do { try await store.allow(.settle, by: .supervisor, pin: pin) } catch { said += "\(error)" }
        }
        dump(await store.operators, to: &said)
        dump(acts.all, to: &said)
        said += String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        #expect(!said.contains("73519") && !said.contains("scrypt"))
    }

    private func shop() async throws -> OperatorStore {
        let store = try open()
        try await store.change(.add, of: .administrator, newPIN: Self.right, by: nil, pin: nil)
        try await store.change(
            .add, of: .supervisor, newPIN: Self.right, by: .administrator, pin: Self.right)
        return store
    }

    private func open() throws -> OperatorStore {
        let acts = acts
        return try OperatorStore(
            path: path, key: try key(), cost: PasswordHash.Cost(rounds: 16, blockSize: 1, lanes: 1),
            journal: { try acts.append($0) })
    }

    private func key() throws -> FileKeyEncryptionKey {
        try FileKeyEncryptionKey(path: folder.appending(path: "kek").path)
    }

    private func seal(_ text: String) throws {
        try SealedFile(path: path, key: try key(), label: OperatorStore.label).replace(SecretBytes(text.utf8))
    }

    private func expectDamaged(_ location: SourceLocation = #_sourceLocation) {
        let kept = try? Data(contentsOf: URL(filePath: path))
        let error = #expect(throws: CryptographyError.self, sourceLocation: location) { try open() }
        #expect(error?.reason == .damagedFile, sourceLocation: location)
        #expect(error?.subject.hasPrefix(path) == true && error?.subject.contains("$") == false)
        #expect((try? Data(contentsOf: URL(filePath: path))) == kept, sourceLocation: location)
    }

    private func write(_ data: Data) throws {
        try data.write(to: URL(filePath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
    }

    private static func pin(_ digits: String) -> OperatorPIN {
        guard let pin = OperatorPIN(Array(digits.utf8)) else { preconditionFailure("no PIN") }
        return pin
    }
}
