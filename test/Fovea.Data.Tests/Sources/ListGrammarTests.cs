using Fovea.Data.Sources;
using Fovea.Data.Sources.Lists;

namespace Fovea.Data.Tests.Sources;

/// <summary>Lists drawn from a grammar of lines: they are read within their folder, or refused with the line.</summary>
public sealed class ListGrammarTests : IDisposable
{
    private static readonly string[] s_pieces =
    [
        "a", "cat", "/", "/", "..", ".", "\\", " ", "\t", "\"", "\\n", "\\u002e", "\\u", "0", "1", "-1", "99999999999", "\0", "\u001b[31m", "\r", "\u2028", "~",
        "//", "caf\u00e9", "\ufeff", "#",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Lists_of_any_lines_lead_nowhere_else(int seed)
    {
        var random = new Random(seed);
        _folder.Folder("data");
        var (list, classes, root, read) = (_folder["data/list.txt"], _folder["data/classes.txt"], _folder["data"], 0);
        for (var round = 0; round < 300; round++)
        {
            File.WriteAllText(classes, random.Next(4) == 0 ? Lines(random) : "cat 0\ndog 1\n");
            File.WriteAllText(list, Lines(random));
            try
            {
                var images = ImageLists.Read(list, classes);
                read++;
                for (var i = 0; i < images.Count; i++)
                {
                    Assert.StartsWith($"{root}/", Path.GetFullPath(images.Path(i)), StringComparison.Ordinal);
                    Assert.DoesNotContain("..", images.Key(i).Split('/'));
                    Assert.InRange(images.Label(i), 0, images.ClassNames.Count - 1);
                }
            }
            catch (DataException e)
            {
                Assert.StartsWith(root, e.Message, StringComparison.Ordinal);
                Assert.DoesNotContain(e.Message, char.IsControl);
            }
        }

        Assert.True(read > 5);
    }

    private static string Lines(Random random) => string.Concat(Enumerable.Range(0, random.Next(1, 3)).Select(_ =>
        string.Concat(Enumerable.Range(0, random.Next(1, 6)).Select(_ => s_pieces[random.Next(s_pieces.Length)]))
            + (random.Next(4) > 0 ? $" {random.Next(2)}\n" : "\n")));
}
