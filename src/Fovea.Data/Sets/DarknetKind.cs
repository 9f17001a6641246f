using Fovea.Data.Sources;
using Fovea.Data.Sources.Darknet;

namespace Fovea.Data.Sets;

/// <summary>A <c>.data</c> file of Darknet, which names lists of images and the labels in their paths.</summary>
internal sealed class DarknetKind : IDataKind
{
    public DataSet? TryRead(string place, SourceOptions options, CancellationToken stop)
    {
        if (!place.EndsWith(DarknetData.Extension, StringComparison.OrdinalIgnoreCase) || !File.Exists(place)) return null;
        var data = DarknetData.Read(place);
        var lists = new DarknetLists(options.ClassNames is { } names ? data with { Names = names } : data, options.Root);
        DataPart[] parts =
        [
            .. from part in new[] { ("train", PartKind.Train, data.Train), ("valid", PartKind.Validation, data.Valid), ("test", PartKind.Test, data.Test) }
               where part.Item3 is not null
               select new DataPart(part.Item1, part.Item2, lists.Read(part.Item3!)),
        ];
        return parts.Length > 0
            ? new PartedDataSet(place, "Darknet's lists", parts, data.Warnings)
            : throw new DataException(place, "it names no list of images", "train = FILE, valid = FILE");
    }
}
