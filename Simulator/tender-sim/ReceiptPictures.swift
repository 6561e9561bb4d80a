import FoundationEssentials
import Glibc
import Raster
import SimulatedDevices
import Synchronization

/// A folder that gets a PNG file for each piece of paper that a printer cuts.
final class ReceiptPictures: Sendable {
    private struct State {
        var folder: String?
        var count = 0
    }
    private let state: Mutex<State>

    /// Pictures in `folder`; nil makes a folder in /tmp when there is the first one, and that folder stays.
    init(folder: String?) { state = Mutex(State(folder: folder)) }

    /// Shows each sheet as it is cut, until the printer is switched off.
    func show(_ printer: PaperPrinter) async {
        var shown = 0
        for await _ in printer.printed {
            let sheets = printer.sheets.dropFirst(shown)
            show(sheets)
            shown += sheets.count
        }
    }

    /// Shows the text of each sheet, then where its picture is.
    func show(_ sheets: some Sequence<PaperSheet>) {
        for sheet in sheets {
            Screen.line("\n\(sheet.text)")
            do {
                Screen.line("receipt    \(try state.withLock { try Self.save(sheet, &$0) })")
            } catch {
                Screen.line("receipt    not as a picture: \(error)")
            }
        }
    }

    private static func save(_ sheet: PaperSheet, _ state: inout State) throws -> String {
        let folder = try state.folder ?? makeFolder()
        state.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let file = try PNG.encode(sheet.picture(withMargins: true))
        state.count += 1
        let number = "\(state.count)"
        let path = "\(folder)/\(String(repeating: "0", count: max(0, 3 - number.count)))\(number).png"
        try Data(file).write(to: URL(filePath: path))
        return path
    }

    private static func makeFolder() throws -> String {
        var template = Array("/tmp/tender-receipts-XXXXXX\0".utf8CString.dropLast())
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        return String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
