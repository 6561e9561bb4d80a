import Wire

// Read application data (EMV 4.4 Book 3, 10.2).
extension Session {
    /// Reads the records that are left, then goes on to authenticate them.
    func readRecords(_ locations: [RecordLocation]) throws(KernelFailure) -> ContactKernel.Next {
        guard let next = locations.first else {
            var read = self
            try read.database.checkRecords(requiring: [.pan, .expirationDate, .cdol1, .cdol2])
            return try read.authenticateData()
        }
        return transmit(.readRecord(next.number, sfi: next.sfi), .record(locations))
    }

    mutating func receiveRecord(
        _ response: Response, _ locations: [RecordLocation]
    ) throws(KernelFailure) -> ContactKernel.Next {
        guard let location = locations.first else { return try readRecords([]) }
        try database.receiveRecord(response, location)
        return try readRecords(Array(locations.dropFirst()))
    }
}
