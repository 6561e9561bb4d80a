import HAL
import Raster

/// The commands of a print job (ESC/POS). All that a job holds beside ASCII between 20 and 7E and the codes of Chinese
/// characters is made here.
extension ESCPOSRenderer {
    enum Command {
        /// ESC @.
        static let initialize: [UInt8] = [0x1B, 0x40]
        /// FS &, FS .: the Chinese font for bytes from 80 on, and back.
        static let chineseOn: [UInt8] = [0x1C, 0x26]
        static let chineseOff: [UInt8] = [0x1C, 0x2E]
        static let lineFeed: [UInt8] = [0x0A]

        /// Double height: GS ! for Latin, FS ! for Chinese.
        static func tall(_ chinese: PrinterProfile.Chinese) -> [UInt8] {
            chinese == .none ? [0x1D, 0x21, 0x01] : [0x1D, 0x21, 0x01, 0x1C, 0x21, 0x08]
        }

        /// The end of it.
        static func normal(_ chinese: PrinterProfile.Chinese) -> [UInt8] {
            chinese == .none ? [0x1D, 0x21, 0x00] : [0x1D, 0x21, 0x00, 0x1C, 0x21, 0x00]
        }

        /// Characters, with the Chinese mode switched on around the ones that need it.
        static func text(_ text: PrinterText) -> [UInt8] {
            text.runs.flatMap { $0.isChinese ? chineseOn + $0.bytes + chineseOff : $0.bytes }
        }

        /// GS v 0, in bands that fit into the smallest buffers. Printing begins while the rest is on its way.
        static func picture(_ picture: Bitmap) -> [UInt8] {
            var bytes: [UInt8] = []
            for top in stride(from: 0, to: picture.height, by: bandRows) {
                let band = picture.cropped(rows: top..<top + bandRows)
                bytes += [0x1D, 0x76, 0x30, 0x00] + short(band.stride) + short(band.height) + band.bytes
            }
            return bytes
        }
        private static let bandRows = 128

        /// A QR symbol in the middle, GS ( k: model 2, size of a module, correction M, the data, print.
        static func symbol(_ data: [UInt8], moduleDots: Int) -> [UInt8] {
            [0x1B, 0x61, 0x01] + function([0x31, 0x41, 0x32, 0x00])
                + function([0x31, 0x43, UInt8(clamping: moduleDots)])
                + function([0x31, 0x45, 0x31]) + function([0x31, 0x50, 0x30] + data) + function([0x31, 0x51, 0x30])
                + lineFeed + [0x1B, 0x61, 0x00]
        }

        private static func function(_ data: [UInt8]) -> [UInt8] { [0x1D, 0x28, 0x6B] + short(data.count) + data }

        /// Feeds the last line past the knife, and cuts.
        static func cut(_ cutter: PrinterProfile.Cutter) -> [UInt8] {
            switch cutter {
            case .none: [0x1B, 0x64, 0x05]
            case .partial: [0x1D, 0x56, 0x42, 0x03]
            case .full: [0x1D, 0x56, 0x41, 0x03]
            }
        }

        private static func short(_ value: Int) -> [UInt8] {
            let value = UInt16(clamping: value)
            return [UInt8(value & 0xFF), UInt8(value >> 8)]
        }
    }
}
