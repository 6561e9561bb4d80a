import HAL
import NetworkDriver
import PaymentCryptography
import Payments
import SimulatedDevices
import Synchronization
import SystemDriver
import Testing
import Wire

/// Both halves of the simulated PIN pad over a real socket.
@Suite(.timeLimit(.minutes(1)))
struct SimulatedPINPadTests {
    private let clock = SystemClock()
    private let masterKey: CipherKey
    private let pinKey = [UInt8](0x31...0x40)
    private let pan: PAN
    private let amount = Money(minorUnits: 8880, .cny)

    init() throws {
        masterKey = try CipherKey([UInt8](0x11...0x20))
        pan = try #require(PAN("4012345678909"))
    }

    private var later: Uptime { clock.uptime.advanced(milliseconds: 20_000) }
    private var request: PINRequest { PINRequest(pan: pan, amount: amount) }

    private func device(_ customer: @escaping Customer) throws -> (PINPadDevice, SimulatedPINPad) {
        let device = try PINPadDevice(masterKey: masterKey, customer: customer)
        let pad = SimulatedPINPad(port: device.port, connector: TCPConnector(clock: clock), clock: clock)
        return (device, pad)
    }

    private func encryptedKey(
        _ key: [UInt8], _ algorithm: KeyAlgorithm = .tripleDES, under master: CipherKey
    ) throws -> EncryptedKey {
        EncryptedKey(
            cipherText: try master.encryptECB(key), checkValue: try CipherKey(key, algorithm).checkValue(),
            algorithm: algorithm)
    }

    /// The clear block is that of ANSI X9.24-1:2009, A.4.
    @Test func pinBlockOfFormat0() async throws {
        let asked = Mutex<[CustomerPrompt]>([])
        let (device, pad) = try device { request in
            asked.withLock { $0.append(request) }
            return .enters("1234")
        }
        try await pad.loadPINKey(encryptedKey(pinKey, under: masterKey))
        let expected = try CipherKey(pinKey).encryptECB(Hex.decode("041274EDCBA9876F"))
        #expect(try await pad.enterPIN(request, deadline: later) == .entered(block: SecretBytes(expected)))
        #expect(asked.withLock { $0 } == [.pin(request)])
        device.stop()
    }

    @Test func pinBlockOfFormat4UnderSM4() async throws {
        let master = try CipherKey([UInt8](0x11...0x20), .sm4)
        let device = try PINPadDevice(masterKey: master) { _ in .enters("123456") }
        let pad = SimulatedPINPad(port: device.port, connector: TCPConnector(clock: clock), clock: clock)
        try await pad.loadPINKey(encryptedKey(pinKey, .sm4, under: master))
        guard case .entered(let block) = try await pad.enterPIN(request, deadline: later) else {
            Issue.record("no PIN block")
            return
        }
        let pin = try PINBlock.decipher(block, pan: pan, format: .iso4, under: CipherKey(pinKey, .sm4))
        #expect(pin == SecretBytes(Array("123456".utf8)))
        device.stop()
    }

    @Test func wrongKeysAreRefused() async throws {
        let (device, pad) = try device { _ in .enters("1234") }
        let good = try encryptedKey(pinKey, under: masterKey)
        let wrong = EncryptedKey(cipherText: good.cipherText, checkValue: [1, 2, 3, 4], algorithm: .tripleDES)
        let short = EncryptedKey(cipherText: [1, 2, 3], checkValue: good.checkValue, algorithm: .tripleDES)
        let other = EncryptedKey(cipherText: good.cipherText, checkValue: good.checkValue, algorithm: .sm4)
        for key in [wrong, short, other] {
            await expectFailure(.refused) { try await pad.loadPINKey(key) }
        }
        await expectFailure(.refused) { try await pad.enterPIN(request, deadline: later) }
        #expect(await pad.status().note == "no PIN key")
        try await pad.loadPINKey(good)
        await expectFailure(.refused) { try await pad.loadPINKey(wrong) }
        #expect(await pad.status().note == "PIN key \(Hex.encode(good.checkValue))")
        #expect(try await pad.enterPIN(request, deadline: later) != .bypassed)
        device.stop()
    }

    @Test(arguments: [(CustomerAction.cancels, PINResult.cancelled), (.bypasses, .bypassed)])
    func customerDecides(_ action: CustomerAction, _ result: PINResult) async throws {
        let (device, pad) = try device { _ in action }
        try await pad.loadPINKey(encryptedKey(pinKey, under: masterKey))
        #expect(try await pad.enterPIN(request, deadline: later) == result)
        device.stop()
    }

    @Test(arguments: [CustomerAction.hangs, .enters("123"), .enters("1234567890123")])
    func deadlineEndsThePrompt(_ action: CustomerAction) async throws {
        let (device, pad) = try device { _ in action }
        try await pad.loadPINKey(encryptedKey(pinKey, under: masterKey))
        let deadline = clock.uptime.advanced(milliseconds: 100)
        await expectFailure(.timeout) { try await pad.enterPIN(request, deadline: deadline) }
        #expect(await pad.status().isReady)
        device.stop()
    }

    @Test func cancellationEndsThePrompt() async throws {
        let (prompts, prompted) = AsyncStream.makeStream(of: Void.self)
        let (device, pad) = try device { _ in
            prompted.yield()
            return .hangs
        }
        try await pad.loadPINKey(encryptedKey(pinKey, under: masterKey))
        let entering = Task { await expectFailure(.cancelled) { try await pad.enterPIN(request, deadline: later) } }
        for await _ in prompts { break }
        let start = clock.uptime
        entering.cancel()
        await entering.value
        #expect(clock.uptime.milliseconds(since: start) < 5000)
        await pad.show(BilingualText("已取消", "Cancelled"), amount: nil)
        #expect(device.shown.last?.text.english == "Cancelled")
        device.stop()
    }

    private func cardRequest(_ key: CardPINKey?, triesLeft: Int? = 3) -> OfflinePINRequest {
        OfflinePINRequest(key: key, amount: amount, triesLeft: triesLeft)
    }

    /// What the card deciphers: `7F`, the block of format 2, its own number, and padding that nobody can foretell.
    @Test(arguments: [1024, 1152, 1984]) func encipheredForTheCard(_ bits: Int) async throws {
        let key = try RSAPrivateKey.generate(bits: bits, exponent: bits == 1152 ? 65537 : 3)
        let asked = Mutex<[CustomerPrompt]>([])
        let (device, pad) = try device { prompt in
            asked.withLock { $0.append(prompt) }
            return .enters("654321")
        }
        #expect(await pad.offlinePINMethods() == [.enciphered])
        let challenge = [UInt8](0xA1...0xA8)
        let request = cardRequest(
            CardPINKey(modulus: key.publicKey.modulus, exponent: key.publicKey.exponent, challenge: challenge))
        var paddings: Set<[UInt8]> = []
        for _ in 0..<2 {
            guard case .enciphered(let data) = try await pad.enterOfflinePIN(request, deadline: later) else {
                Issue.record("nothing enciphered")
                return
            }
            let clear = try key.sign(data)
            #expect(Array(clear.prefix(17)) == [0x7F, 0x26, 0x65, 0x43, 0x21, 0xFF, 0xFF, 0xFF, 0xFF] + challenge)
            paddings.insert(Array(clear.dropFirst(17)))
        }
        #expect(paddings.count == 2)
        #expect(asked.withLock { $0 } == [.cardPIN(request), .cardPIN(request)])
        device.stop()
    }

    /// In the clear only from a pad that is one device with the slot, and then to the card alone.
    @Test func shownToTheCard() async throws {
        let shown = Mutex<[[UInt8]]>([])
        let device = try PINPadDevice(
            masterKey: masterKey, customer: { _ in .enters("12345") },
            slot: { command in
                shown.withLock { $0.append(command) }
                return [0x63, 0xC1]
            })
        let pad = SimulatedPINPad(port: device.port, connector: TCPConnector(clock: clock), clock: clock)
        #expect(await pad.offlinePINMethods() == [.enciphered, .plaintext])
        #expect(
            try await pad.enterOfflinePIN(cardRequest(nil, triesLeft: nil), deadline: later) == .answered([0x63, 0xC1]))
        #expect(
            shown.withLock { $0 } == [
                [0x00, 0x20, 0x00, 0x80, 0x08, 0x25, 0x12, 0x34, 0x5F, 0xFF, 0xFF, 0xFF, 0xFF]
            ])
        device.stop()
        let (apart, other) = try self.device { _ in .enters("12345") }
        await expectFailure(.refused) { try await other.enterOfflinePIN(cardRequest(nil), deadline: later) }
        apart.stop()
    }

    @Test func keysThatNobodyHasAreRefused() async throws {
        let (device, pad) = try device { _ in .enters("12345") }
        let modulus = [UInt8](repeating: 0xC1, count: 128)
        for key in [
            CardPINKey(modulus: modulus, exponent: 5, challenge: [UInt8](1...8)),
            CardPINKey(modulus: modulus, exponent: 3, challenge: [1, 2, 3]),
            CardPINKey(modulus: [1, 2, 3], exponent: 3, challenge: [UInt8](1...8)),
        ] {
            await expectFailure(.refused) { try await pad.enterOfflinePIN(cardRequest(key), deadline: later) }
        }
        device.stop()
    }

    @Test(arguments: [(CustomerAction.cancels, OfflinePINResult.cancelled), (.bypasses, .bypassed)])
    func customerDecidesForTheCard(_ action: CustomerAction, _ result: OfflinePINResult) async throws {
        let (device, pad) = try device { _ in action }
        let key = CardPINKey(
            modulus: [UInt8](repeating: 0xC1, count: 128), exponent: 3, challenge: [UInt8](1...8))
        #expect(try await pad.enterOfflinePIN(cardRequest(key), deadline: later) == result)
        device.stop()
    }

    @Test(arguments: [(CustomerAction.chooses(1), 1 as Int?), (.chooses(8), 8), (.cancels, nil)])
    func choosesAnApplication(_ action: CustomerAction, _ chosen: Int?) async throws {
        let names = (1...12).map { "银联 \($0)" }
        let (device, pad) = try device { prompt in
            prompt == .application(Array(names.prefix(9))) ? action : .hangs
        }
        #expect(try await pad.chooseApplication(names, deadline: later) == chosen)
        device.stop()
    }

    @Test func noApplicationInTime() async throws {
        let (device, pad) = try device { _ in .chooses(2) }
        let deadline = clock.uptime.advanced(milliseconds: 100)
        await expectFailure(.timeout) { try await pad.chooseApplication(["a", "b"], deadline: deadline) }
        device.stop()
    }

    @Test func showsTexts() async throws {
        let (device, pad) = try device { _ in .hangs }
        let text = BilingualText("请插卡", "Insert card")
        await pad.show(text, amount: amount)
        await pad.show(text, amount: nil)
        #expect(device.shown.map(\.text) == [text, text])
        #expect(device.shown.map(\.amount) == [amount, nil])
        device.stop()
    }

    @Test func absentPadFailsOnlyWhatNeedsIt() async throws {
        let (device, pad) = try device { _ in .hangs }
        device.stop()
        await pad.show(BilingualText("请插卡", "Insert card"), amount: nil)
        let deadline = clock.uptime.advanced(milliseconds: 2000)
        await expectFailure(nil) { try await pad.enterPIN(request, deadline: deadline) }
    }

    /// Whatever comes from the socket is refused or ignored, never more.
    @Test(arguments: [
        "", "pin", "pin x 1 CNY 4 12", "pin 4012345678909 1 XXX 4 12", "pin 4012345678909 1 CNY 12 4", "key aes 00 00",
        "card-pin 1 CNY 4 12", "card-pin 1 CNY 4 12 x", "card-pin 1 CNY 4 13 -", "card-pin 1 CNY 4 12 - 00 3",
        "card-pin 1 CNY 4 12 - 00 x 00", "card-pin 1 CNY 4 12 -", "choose", "choose 0",
        "choose 41 41 41 41 41 41 41 41 41 41", "card-pin-methods now", "show 0 0", "show 00 00 1", "status now",
        "\u{0}", "pin 4012345678909 99999999999999999999 CNY 4 12",
    ])
    func malformedLinesAreRefused(_ line: String) async throws {
        let (device, _) = try device { _ in .enters("1234") }
        let stream = try await TCPConnector(clock: clock).connect(host: "127.0.0.1", port: device.port, deadline: later)
        try await stream.write(Array((line + "\n").utf8), deadline: later)
        #expect(try await stream.read(atMost: 100, deadline: later) == Array("refused\n".utf8))
        await stream.close()
        device.stop()
    }
}
