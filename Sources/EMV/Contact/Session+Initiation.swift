import Wire

// Initiate application processing (EMV 4.4 Book 3, 10.1).
extension Session {
    /// Sends GET PROCESSING OPTIONS. `selection` is where to go on if the card refuses this application.
    consuming func initiate(otherwise selection: Selection) throws(KernelFailure) -> ContactKernel.Next {
        do throws(WireError) { database.pdolValues = try DOL(database.card[.pdol] ?? []).values(database.value) } catch
        {
            throw KernelFailure(.badData, "the PDOL is no data object list", "Book 3, 10.1")
        }
        guard let command = CommandAPDU.getProcessingOptions(database.pdolValues) else {
            throw KernelFailure(.badData, "the PDOL asks for too much", "Book 3, 10.1")
        }
        return transmit(command, .processingOptions(selection))
    }

    mutating func receiveProcessingOptions(
        _ response: Response, otherwise selection: Selection
    ) throws(KernelFailure) -> ContactKernel.Next {
        if response.status == .conditionsNotSatisfied {
            var selection = selection
            return try selection.chooseAnother(than: database.application)
        }
        guard response.status == .success else {
            throw KernelFailure(.badStatus, "GET PROCESSING OPTIONS: \(response.status)", "Book 3, 10.1")
        }
        let locator = try database.receiveProcessingOptions(response.data)
        guard let locations = RecordLocation.list(locator) else {
            throw KernelFailure(.badData, "a wrong application file locator", "Book 3, 10.2")
        }
        return try readRecords(locations)
    }
}
