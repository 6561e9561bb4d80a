import FoundationEssentials
import Raster
import Testing

/// `tender-sim paper`: what a printer was sent, as pictures and text.
@Suite struct PaperCommandTests {
    /// Runs the command on `input` in a folder of its own, and hands over its answer and that folder.
    private static func paper(
        _ arguments: [String], input: String = "", _ body: (Answer, String) throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tender-paper-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try body(try await run(Programs.tenderSim, ["paper", "--out", folder] + arguments, input: input), folder)
    }

    private static func picture(_ number: Int, in folder: String) throws -> Bitmap {
        try PNG.decode([UInt8](try Data(contentsOf: URL(filePath: "\(folder)/00\(number).png"))))
    }

    /// Each receipt that is cut off, and what sticks out at the end; all of it in one piece where there is no knife.
    @Test(arguments: [("chinese-80", 576, 3), ("chinese-58", 384, 1)])
    func capturedBytesBecomePictures(model: String, dots: Int, pieces: Int) async throws {
        let receipt = "\u{1B}@TOTAL 88.80\n\u{1D}VB\u{03}"
        try await Self.paper(["--model", model], input: receipt + receipt + "torn") { answer, folder in
            #expect(answer.code == 0, "\(answer.complaint)")
            #expect(answer.output.split(separator: "TOTAL 88.80").count == 3, "\(answer.output)")
            let pictures = try (1...pieces).map { try Self.picture($0, in: folder) }
            #expect(pictures.allSatisfy { !$0.isBlank && $0.width >= dots })
            if pieces > 1 { #expect(pictures[0] == pictures[1] && pictures[1] != pictures[2]) }
            #expect(!FileManager.default.fileExists(atPath: "\(folder)/00\(pieces + 1).png"))
        }
    }

    @Test func mistakesAreTold() async throws {
        try await Self.paper(["/nowhere/capture.bin"]) { answer, _ in
            #expect(answer.code == 64 && answer.complaint.contains("/nowhere/capture.bin"), "\(answer.complaint)")
        }
        try await Self.paper(["--model", "teletype"]) { answer, _ in
            #expect(answer.code == 64 && answer.complaint.contains("chinese-80"), "\(answer.complaint)")
        }
    }
}
