import EMV
import Payments
import Testing
import Wire

/// The witness that judges mutated and fuzzed sessions finds what is forbidden: without this its silence would say nothing.
@Suite struct WitnessTests {
    private static let arqc = TLV(.responseFormat1, [0x80, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8]).encoded + [0x90, 0x00]
    private static let tc = TLV(.responseFormat1, [0x40, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8]).encoded + [0x90, 0x00]
    private static let aac = TLV(.responseFormat1, [0x00, 0, 5, 1, 2, 3, 4, 5, 6, 7, 8]).encoded + [0x90, 0x00]

    private static func generate(_ type: ChipResult.CryptogramType) throws -> ContactKernel.Action {
        .transmit(try required(CommandAPDU.generateAC(type, combined: false, [0])))
    }

    /// A genuine approval by the issuer, whose parts are put together wrongly below.
    private static func approval() throws -> (run: Run, completion: KernelOutcome.Completion, request: OnlineRequest) {
        var run = try Run.make { $0.card.authenticates(by: []) }
        let completion = try required(run.play()?.completion)
        return (run, completion, try required(run.requests.first))
    }

    private static func objections(
        _ session: [(ContactKernel.Event, ContactKernel.Action)]
    ) throws -> [String] {
        var witness = Witness(try Run.make().terminal)
        for (event, action) in session { witness.sees(event, action) }
        return witness.objections
    }

    @Test func `A genuine approval meets no objection`() throws {
        let (_, completion, request) = try Self.approval()
        let yes = OnlineReply(approved: true, code: "00", chipData: [])
        let found = try Self.objections([
            (.begin, try Self.generate(.arqc)), (.response(Self.arqc), .goOnline(request)),
            (.reply(yes), try Self.generate(.tc)),
            (.response(Self.tc), .finish(.completed(.approvedOnline, completion))),
        ])
        #expect(found.isEmpty)
    }

    @Test func `Approvals without their cryptogram or their issuer are found`() throws {
        let (_, completion, request) = try Self.approval()
        let yes = OnlineReply(approved: true, code: "00", chipData: [])
        let no = OnlineReply(approved: false, code: "05", chipData: [])
        let asked: [(ContactKernel.Event, ContactKernel.Action)] = [
            (.begin, try Self.generate(.arqc)), (.response(Self.arqc), .goOnline(request)),
        ]
        let online = ContactKernel.Action.finish(.completed(.approvedOnline, completion))
        let offline = ContactKernel.Action.finish(.completed(.approvedOffline, completion))
        let wrong: [[(ContactKernel.Event, ContactKernel.Action)]] = [
            [(.begin, offline)],
            [(.begin, try Self.generate(.tc)), (.response(Self.aac), offline)],
            [(.begin, try Self.generate(.arqc)), (.response(Self.tc), offline)],
            // The action codes wanted the issuer.
            [(.begin, try Self.generate(.tc)), (.response(Self.tc), offline)],
            [(.begin, .goOnline(request))],
            [(.begin, try Self.generate(.arqc)), (.response(Self.aac), .goOnline(request))],
            asked + [(.reply(yes), online)],
            asked + [(.reply(no), try Self.generate(.tc)), (.response(Self.tc), online)],
            asked + [(.unableToGoOnline, try Self.generate(.tc)), (.response(Self.tc), online)],
            asked + [(.reply(yes), try Self.generate(.tc)), (.response(Self.aac), online)],
            asked + [(.reply(yes), try Self.generate(.arqc)), (.response(Self.arqc), online)],
            asked + [(.reply(yes), try Self.generate(.tc)), (.response(Self.tc), offline)],
        ]
        for (number, session) in wrong.enumerated() {
            #expect(try !Self.objections(session).isEmpty, "session \(number)")
        }
    }

    @Test func `An end that never comes, and a number that is shown, are found`() throws {
        let select = ContactKernel.Action.transmit(.select([0xA0, 0, 0, 0, 3]))
        let endless = Array(repeating: (ContactKernel.Event.response([0x6A, 0x82]), select), count: 256)
        #expect(try !Self.objections(endless).isEmpty)

        var witness = Witness(try Run.make().terminal)
        witness.sees(ContactKernel.Event.begin, .transmit(.readRecord(1, sfi: 1)))
        let record = TLV(.record, TLV(.pan, [0x62, 0x25, 0x88, 0x02, 0x12, 0x34, 0x56, 0x78]).encoded).encoded
        witness.sees(ContactKernel.Event.response(record + [0x90, 0x00]), .ignore)
        witness.reads("record 1 of file 1 is no template 70")
        #expect(witness.objections.isEmpty)
        witness.reads("the card 6225880212345678 is not ours")
        #expect(!witness.objections.isEmpty)
    }
}
