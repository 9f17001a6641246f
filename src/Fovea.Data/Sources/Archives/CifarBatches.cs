using System.Globalization;
using System.Text;
using Fovea.Naming;

namespace Fovea.Data.Sources.Archives;

/// <summary>The binary versions of CIFAR-10 and CIFAR-100 (Krizhevsky 2009, https://www.cs.toronto.edu/~kriz/cifar.html).</summary>
/// <remarks>
/// A record is the label and 32 × 32 pixels, a plane of red, one of green and one of blue; CIFAR-100 has the coarse label before the fine one.
/// CIFAR-10 is in <c>data_batch_1.bin</c> … and <c>test_batch.bin</c>, CIFAR-100 in <c>train.bin</c> and <c>test.bin</c>.
/// </remarks>
internal static class CifarBatches
{
    private const int Side = 32;
    private const int Samples = 3 * Side * Side;
    private const int OfficialBatch = 10_000;
    private const int OfficialBatches = 5;
    private const string TestTen = "test_batch.bin";

    private static readonly string[] s_hundred = ["train.bin", "test.bin"];
    private static readonly string[] s_names = ["batches.meta.txt", "fine_label_names.txt", "coarse_label_names.txt"];

    /// <summary>Whether a file of this name is part of one of the data sets.</summary>
    public static bool IsPart(string name) => IsBatch(name) || s_names.Contains(name);

    /// <summary>Whether a file of this name holds images of one of the data sets.</summary>
    public static bool IsBatch(string name) => name == TestTen || s_hundred.Contains(name) || Number(name) > 0;

    /// <summary>The parts of a data set.</summary>
    /// <param name="place">Where the files are from, for messages.</param>
    /// <param name="files">Their bytes, by their names.</param>
    /// <param name="classNames">The classes in place of those that the files name; null for the latter.</param>
    /// <param name="coarse">Whether the coarse labels of CIFAR-100 are meant.</param>
    /// <returns>What it is called, and its parts.</returns>
    /// <exception cref="DataException">A file is missing or has another length, a label is no class's, or both data sets are there.</exception>
    public static (string Name, IReadOnlyList<DataPart> Parts) Read(
        string place, IReadOnlyDictionary<string, byte[]> files, IReadOnlyList<string>? classNames, bool coarse)
    {
        string[] train = [.. files.Keys.Where(name => Number(name) > 0).OrderBy(Number)];
        var isHundred = files.Keys.Any(s_hundred.Contains);
        if (isHundred && (train.Length > 0 || files.ContainsKey(TestTen)))
            throw new DataException(place, "it holds batches of CIFAR-10 and of CIFAR-100", "those of one of them");
        if (coarse && !isHundred) throw new DataException(place, "CIFAR-10 has no coarse labels", "CIFAR-100, or the labels that there are");
        if (!isHundred) CheckBatches(place, files, train);
        var labelBytes = isHundred ? 2 : 1;
        var names = classNames ?? NamesIn(place, files, isHundred ? coarse ? s_names[2] : s_names[1] : s_names[0])
            ?? (isHundred ? coarse ? CifarNames.Coarse : CifarNames.Fine : CifarNames.Ten);
        var parts = new List<DataPart>();
        Add("train", PartKind.Train, isHundred ? ["train.bin"] : train);
        Add("test", PartKind.Test, isHundred ? ["test.bin"] : [TestTen]);
        return (isHundred ? $"CIFAR-100{(coarse ? ", coarse labels" : "")}" : "CIFAR-10", parts);

        void Add(string part, PartKind kind, IEnumerable<string> batches)
        {
            RawBlock[] blocks =
                [.. batches.Where(files.ContainsKey).Select(name => Block(place, name, files[name], labelBytes, coarse ? 0 : labelBytes - 1, names))];
            if (blocks.Length > 0) parts.Add(new(part, kind, new RawImages(place, names, Side, Side, 3, blocks)));
        }
    }

    private static void CheckBatches(string place, IReadOnlyDictionary<string, byte[]> files, string[] train)
    {
        var isOfficial = train.Concat([TestTen]).Any(name => files.TryGetValue(name, out var data) && data.Length == OfficialBatch * (Samples + 1));
        var last = isOfficial ? OfficialBatches : train.Length == 0 ? 0 : Number(train[^1]);
        var missing = Enumerable.Range(1, last).Select(n => $"data_batch_{n}.bin").Append(isOfficial ? TestTen : "").Where(name => name.Length > 0)
            .Where(name => !files.ContainsKey(name)).ToArray();
        if (missing.Length > 0)
            throw new DataException(
                place, $"{ClassFolders.Listed(missing)} {(missing.Length == 1 ? "is" : "are")} missing", "all batches of CIFAR-10");
    }

    private static RawBlock Block(string place, string name, byte[] data, int labelBytes, int labelAt, IReadOnlyList<string> classNames)
    {
        var record = labelBytes + Samples;
        if (data.Length == 0 || data.Length % record != 0)
            throw new DataException($"{place}: {name}", $"it has {data.Length} bytes", $"records of {record} bytes, the last of them whole");
        var labels = new int[data.Length / record];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = data[(i * record) + labelAt];
            if (labels[i] >= classNames.Count)
                throw new DataException($"{place}: {name}", $"image {i} has the label {labels[i]}", $"0 to {classNames.Count - 1}");
        }

        return new(Path.GetFileNameWithoutExtension(name), data, labelBytes, record, labels);
    }

    private static string[]? NamesIn(string place, IReadOnlyDictionary<string, byte[]> files, string file)
    {
        if (!files.TryGetValue(file, out var bytes)) return null;
        string[] names = [.. Encoding.UTF8.GetString(bytes).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0)];
        if (names.Length == 0) return null;
        return names.Distinct().Count() == names.Length
            ? names
            : throw new DataException(
                $"{place}: {file}", $"{Printable.Of(names.GroupBy(name => name).First(group => group.Count() > 1).Key)} stands there twice", "each class once");
    }

    /// <summary>The number of a training batch of CIFAR-10; 0 for other files.</summary>
    private static int Number(string name) =>
        name.StartsWith("data_batch_", StringComparison.Ordinal) && name.EndsWith(".bin", StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(11, Math.Max(0, name.Length - 15)), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
