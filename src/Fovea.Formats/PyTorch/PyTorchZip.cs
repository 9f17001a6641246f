using Fovea.Formats.Storage;
using Fovea.Formats.Zip;
using Fovea.Naming;

namespace Fovea.Formats.PyTorch;

/// <summary>The layout since PyTorch 1.6: a zip file with <c>data.pkl</c>, a record <c>data/KEY</c> for each storage, and small facts.</summary>
internal static class PyTorchZip
{
    internal const string Format = "PyTorch (zip)";

    private const string Pickle = "data.pkl";
    private const int MostListed = 3;

    internal static bool Recognises(InputFile file) => ZipRecords.Recognises(file);

    /// <summary>Reads the pickle; the records have to stay open as long as storages are read.</summary>
    internal static PyTorchArchive Read(InputFile file, ZipRecords zip)
    {
        var pickle = zip.Names.FirstOrDefault(IsPickle) ?? throw file.Fail("", NoPickle(zip));
        var root = pickle[..^Pickle.Length];
        if (zip.Has($"{root}constants.pkl"))
            throw file.Fail("", "is a TorchScript program; wanted a state dict: torch.save(torch.jit.load(FILE).state_dict(), NEW_FILE)");
        CheckByteOrder(file, zip, $"{root}byteorder");
        var bytes = zip.Read(pickle);
        using var input = new InputFile(new MemoryStream(bytes, writable: false), file.Name);
        var value = new Unpickler(new PickleInput(input, 0, bytes.Length, pickle)).Load();
        return new(Format, value, storage => ReadStorage(file, zip, $"{root}data/{storage.Key}", storage));
    }

    private static bool IsPickle(string name) => name.EndsWith($"/{Pickle}", StringComparison.Ordinal) && name.Count(c => c == '/') == 1;

    private static string NoPickle(ZipRecords zip)
    {
        var listed = string.Join(", ", zip.Names.Take(MostListed).Select(name => $"'{Printable.Line(name, most: 64)}'"));
        return $"is a zip file without a record '*/{Pickle}', as torch.save writes it: "
            + $"it has {(zip.Names.Count == 0 ? "no records" : $"{zip.Names.Count} records, {listed}{(zip.Names.Count > MostListed ? ", …" : "")}")}. "
            + "If the weights are among them, unpack it first";
    }

    private static void CheckByteOrder(InputFile file, ZipRecords zip, string name)
    {
        if (!zip.Has(name)) return;   // PyTorch before 2.1 wrote none
        if (!zip.Read(name).AsSpan().SequenceEqual("little"u8))
            throw file.Fail($"record '{name}'", "does not say 'little'; weights in big-endian byte order are not read");
    }

    private static byte[] ReadStorage(InputFile file, ZipRecords zip, string name, PickleStorage storage)
    {
        if (!zip.Has(name)) throw file.Fail($"record '{name}'", "is missing from the zip file, but a tensor is in it");
        return zip.Read(name, ((Int128)storage.Elements * storage.Type.ElementBytes, $"{storage.Elements} elements of torch.{storage.Type.Name}"));
    }
}
