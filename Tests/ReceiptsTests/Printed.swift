/// What a printer makes of bytes and characters, told independently of the renderers.
enum Printed {
    /// Columns on a Chinese printer.
    static func width(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.value < 0x80 ? 1 : 2) }
    }

    struct UnknownCommand: Error {
        let bytes: [UInt8]
    }

    /// The job without the commands a receipt may hold; any other escape is an error.
    static func removingCommands(_ job: [UInt8]) throws -> [UInt8] {
        let known: [[UInt8]] = [
            [0x1B, 0x40], [0x1C, 0x26], [0x1C, 0x2E], [0x1D, 0x21, 0x00], [0x1D, 0x21, 0x01], [0x1C, 0x21, 0x00],
            [0x1C, 0x21, 0x08], [0x1D, 0x56, 0x42, 0x03],
        ]
        var rest: [UInt8] = []
        var position = job.startIndex
        while position < job.endIndex {
            if let command = known.first(where: { job[position...].starts(with: $0) }) {
                position += command.count
            } else if [0x1B, 0x1C, 0x1D, 0x10].contains(job[position]) {
                throw UnknownCommand(bytes: Array(job[position...].prefix(4)))
            } else {
                rest.append(job[position])
                position += 1
            }
        }
        return rest
    }
}
