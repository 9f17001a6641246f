using System.Diagnostics;
using Fovea.Data.Decoding;
using Fovea.Data.Sources;
using Fovea.Data.Sources.Lists;

namespace Fovea.Data.Tests.Sources;

/// <summary>
/// Folders drawn from a grammar of trees and names: whatever they hold, commands end, fail with our exceptions alone, and touch nothing outside.
/// </summary>
public sealed class FolderGrammarTests : IDisposable
{
    private static readonly string[] s_words =
    [
        "cat", "dog", "Train", "val", "test", "validation", "images", "a b", " c", "caf\u00e9", "cafe\u0301", "x\ny", "\u001b[31m", "t\tb", "\u202egnp",
        ".hidden", "\u200b",
    ];

    private static readonly string[] s_turns = [@"\", @"\..\..\", "..", @"..\", "...", "%2e%2e", "\u2215", ":", "*", "$(x)", "'", "\""];

    private static readonly string[] s_targets =
    [
        ".", "..", "../..", "../../..", "/", "/dev/null", "/dev/zero", "nowhere", "../cat", "cat", "loop", "../../outside", "../outside", "outside/victim.png",
        "../../../outside/victim.png",
    ];

    private readonly TemporaryFolder _folder = new();
    private readonly byte[] _image = PngEncoder.Encode(Fixtures.Picture(9, 7));

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Folders_of_any_shape_are_read_checked_and_split_within_themselves(int seed)
    {
        var random = new Random(seed);
        var read = 0;
        _folder.Write("outside/victim.png", [1]).Write("outside/more/victim.jpg", [1]).Write("victim.png", [1]);
        for (var round = 0; round < 12; round++)
        {
            _folder.Folder("data");
            Grow(random, _folder["data"], depth: 0);
            var outside = Tree.Snapshot(_folder["outside"]);
            var images = Files(_folder["data"]);

            Try(() => ClassFolders.Open(_folder["data"], new() { AllowEmptyClasses = true }));
            Try(() => ClassFolders.OpenFor(_folder["data"], ["cat", "../outside", "..", "/"]));
            Try(() => ImageFiles.In(_folder["data"]));
            Try(() => read += DatasetStatistics.Of(ClassFolders.OpenAll(_folder["data"]).Images, workers: 2).Images);
            Try(() => Split(_folder["data"], random));
            Try(() => DatasetCheck.Run(ClassFolders.OpenAll(_folder["data"]).Images, _folder["away"], workers: 2));

            Assert.Equal(outside, Tree.Snapshot(_folder["outside"]));
            Assert.Equal(
                images,
                Files(_folder["data"])
                    + (Directory.Exists(_folder["away"]) ? Files(_folder["away"]) - (File.Exists(_folder["away/quarantine.txt"]) ? 1 : 0) : 0));
            string[] expected = ["away", "data", "outside", "split", "victim.png"];
            Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path).Select(path => Path.GetFileName(path)).Except(expected));
            _folder.Shell("rm -rf data away split");
        }

        Assert.True(read > 20);
    }

    private void Split(string data, Random random)
    {
        var source = ClassFolders.OpenAll(data).Images;
        var mode = (SplitMode)random.Next(3);
        DatasetSplit.Of(source, 0.3).Write(_folder["split"], mode);
        if (mode == SplitMode.Lists) ImageLists.Read(_folder["split/train.txt"], _folder["split/classes.txt"], data);
    }

    private void Grow(Random random, string folder, int depth)
    {
        for (var i = random.Next(depth == 0 ? 2 : 0, 5); i >= 0; i--)
        {
            var kind = random.Next(depth < 3 ? 8 : 5);
            var path = Path.Join(folder, Name(random))
                + (kind == 4 || (kind == 0 && random.Next(2) == 0) ? ".png" : kind == 2 || (kind == 1 && random.Next(2) == 0) ? ".jpg" : "");
            if (Path.Exists(path) || new FileInfo(path).LinkTarget is not null) continue;
            switch (kind)
            {
                case 0: File.CreateSymbolicLink(path, s_targets[random.Next(s_targets.Length)]); break;
                case 1: Fifo(path); break;
                case 2: File.WriteAllBytes(path, _image[..random.Next(_image.Length)]); break;
                case 3: File.WriteAllBytes(path, [1, 2, 3]); break;
                case 4: File.WriteAllBytes(path, _image); break;
                default:
                    Directory.CreateDirectory(path);
                    Grow(random, path, depth + 1);
                    break;
            }
        }
    }

    private static string Name(Random random)
    {
        var name = s_words[random.Next(s_words.Length)];
        if (random.Next(3) == 0) name += s_turns[random.Next(s_turns.Length)] + s_words[random.Next(s_words.Length)];
        return name is "." or ".." ? "dots" : name;
    }

    private static void Fifo(string path)
    {
        using var made = Process.Start("mkfifo", ["--", path]);
        made.WaitForExit();
    }

    // All that is no folder and no FIFO, links as they are.
    private static int Files(string folder) => Tree.Snapshot(folder).Count(entry => entry.Contains(' ', StringComparison.Ordinal) && !Directory.Exists(entry));

    private static void Try(Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (e is DataException or ImageException)
        {
            Assert.DoesNotContain(e.Message, char.IsControl);
        }
    }
}
