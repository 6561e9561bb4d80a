import FoundationEssentials
import Glibc
import Raster
import SimulatedDevices

/// A folder that gets a PNG file for each piece of paper a printer cut.
struct ReceiptPictures {
    /// Where they go; nil makes a folder in /tmp when there is the first one, and that folder stays.
    private var folder: String?
    private var count = 0

    init(folder: String?) { self.folder = folder }

    /// Shows each sheet as it is cut, until the printer is switched off.
    consuming func show(_ printer: PaperPrinter) async {
        var shown = 0
        for await _ in printer.printed {
            for sheet in printer.sheets.dropFirst(shown) {
                show(sheet)
                shown += 1
            }
        }
    }

    /// Shows sheets.
    consuming func show(_ sheets: [PaperSheet]) { for sheet in sheets { show(sheet) } }

    /// Its text, then where its picture is.
    private mutating func show(_ sheet: PaperSheet) {
        Screen.line("\n\(sheet.text)")
        do {
            Screen.line("receipt    \(try save(sheet))")
        } catch {
            Screen.line("receipt    not as a picture: \(error)")
        }
    }

    private mutating func save(_ sheet: PaperSheet) throws -> String {
        let folder = try self.folder ?? Self.makeFolder()
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let file = try PNG.encode(sheet.picture(withMargins: true))
        count += 1
        let number = String(repeating: "0", count: max(0, 3 - "\(count)".count)) + "\(count)"
        let path = "\(folder)/\(number).png"
        try Data(file).write(to: URL(filePath: path))
        return path
    }

    private static func makeFolder() throws -> String {
        var template = Array("/tmp/tender-receipts-XXXXXX\0".utf8CString.dropLast())
        guard mkdtemp(&template) != nil else { throw CocoaError(.fileWriteUnknown) }
        return String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
