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
        "show 0 0", "show 00 00 1", "status now", "\u{0}", "pin 4012345678909 99999999999999999999 CNY 4 12",
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
