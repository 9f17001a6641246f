using Fovea.Formats.Storage;
using Fovea.Formats.Zip;
using Fovea.Naming;
using Fovea.Tensors;

namespace Fovea.Formats.PyTorch;

/// <summary>State dicts that <c>torch.save</c> wrote or <c>torch.load</c> reads.</summary>
/// <remarks>
/// Reading runs no code of the file: its pickle is taken apart by an interpreter that knows dictionaries, lists, numbers, strings and
/// tensors; whatever else it names becomes an empty stand-in. float64 and float16 become float32 (rounded to nearest; float16 is exact),
/// int64 and int16 become int32 (a number that does not fit fails), bool becomes 0 or 1 in uint8.
/// </remarks>
public static class PyTorchFile
{
    private const int MostListed = 8;
    private const int LongestName = 64;

    /// <summary>Reads the state dict of a file in either layout, the zip file of PyTorch 1.6 and later or the older one.</summary>
    /// <param name="path">The file (<c>.pth</c>, <c>.pt</c>, <c>.th</c>, …).</param>
    /// <param name="key">
    /// The part to read: keys of dictionaries with dots between them, from the outermost, for example <c>state_dict_ema</c> or <c>ema.model</c>; the
    /// last part may be how the names of the wanted tensors begin. By default the first of state_dict, model, model_state_dict, model_state, module,
    /// net, network, state_dict_ema, model_ema and ema that leads to tensors.
    /// </param>
    /// <exception cref="ModelFormatException">The file is damaged, holds no state dict, or a tensor in it that cannot be represented.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static WeightSet Read(string path, string? key = null)
    {
        using var file = InputFile.Open(path);
        return Read(file, key);
    }

    /// <summary>Writes an OrderedDict of tensors in the zip layout, which <c>torch.load(weights_only=True)</c> reads.</summary>
    /// <param name="stream">Where to; it must know its position, and stays open.</param>
    /// <param name="tensors">Names and tensors; element types stay what they are.</param>
    /// <param name="batchesTracked">
    /// After every <c>running_var</c> an int64 <c>num_batches_tracked</c> of this value is written, as PyTorch's batch norm keeps it
    /// (default 0; no result depends on it unless its momentum is None); null writes none.
    /// </param>
    /// <exception cref="ArgumentException">Two tensors have one name.</exception>
    public static void Write(Stream stream, IReadOnlyList<(string Name, HostTensor Tensor)> tensors, long? batchesTracked = 0) =>
        PyTorchWriter.Write(stream, tensors, batchesTracked);

    internal static bool Recognises(InputFile file) => PyTorchZip.Recognises(file) || PyTorchLegacy.Recognises(file);

    internal static WeightSet Read(InputFile file, string? key)
    {
        using var zip = PyTorchZip.Recognises(file) ? ZipRecords.Open(file) : null;
        var archive = zip is not null ? PyTorchZip.Read(file, zip)
            : PyTorchLegacy.Recognises(file) ? PyTorchLegacy.Read(file)
            : throw file.Fail("", $"begins with {Convert.ToHexString(file.Head(8))}; wanted a zip file or a pickle that torch.save wrote");
        return Read(file, archive, key);
    }

    /// <summary>The tensors of an archive that has been taken apart.</summary>
    internal static WeightSet Read(InputFile file, PyTorchArchive archive, string? key)
    {
        var (found, problem) = StateDict.Find(archive, key);
        if (found is null) throw file.Fail(key is null ? "" : $"key '{key}'", problem);

        var notes = archive.Notes.ToList();
        if (found.Path.Length > 0) notes.Add($"took the entry '{found.Path}'");
        if (key is null && found.Others.Count > 0)
            notes.Add(
                $"left '{string.Join("', '", found.Others.Take(MostListed))}', which {(found.Others.Count == 1 ? "holds" : "hold")} tensors too; "
                + "--key takes another part");
        var stored = Tensors(file, found, notes);
        var names = WeightNames.Clean(stored.Keys, found.Prefix, notes);
        var tensors = new TensorReader(file, archive).Read([.. names.Select(name => (name.Stored, stored[name.Stored]))]);
        return new([.. names.Select((name, i) => (name.Name, tensors[i]))], archive.Format, found.Metadata, [.. notes.Select(note => Printable.Line(note))]);
    }

    private static OrderedDictionary<string, PickleTensor> Tensors(InputFile file, StateDict found, List<string> notes)
    {
        var tensors = new OrderedDictionary<string, PickleTensor>();
        var left = new List<string>();
        foreach (var (name, value) in found.Entries.Entries)
        {
            if (value is PickleTensor tensor) tensors.Add(name, tensor);
            else if (value is Opaque opaque && !name.EndsWith("_extra_state", StringComparison.Ordinal))
                throw file.Fail($"tensor '{name}'", $"is {StateDict.Describe(opaque)}; wanted a plain tensor");
            else left.Add($"'{(name.Length <= LongestName ? name : name[..LongestName])}', {StateDict.Describe(value)}");
        }

        if (left.Count > 0)
            notes.Add($"left out {string.Join("; ", left.Take(MostListed))}{(left.Count > MostListed ? $" and {left.Count - MostListed} more" : "")}");
        return tensors;
    }
}
