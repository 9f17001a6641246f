using Fovea.Options;
using Fovea.Training.Recipes;

namespace Fovea.Recipes.Tests;

/// <summary>Sections within sections, and lists of alternatives, on options that are made for it.</summary>
public class NestedSectionTests
{
    /// <summary>A figure.</summary>
    public abstract record Figure : IAlternative
    {
        public static IReadOnlyList<Figure> Kinds { get; } = [new Disc(), new Group()];

        public abstract string Kind { get; }

        public void Check(OptionChecks checks)
        {
        }
    }

    /// <summary>A disc.</summary>
    public sealed record Disc : Figure
    {
        public override string Kind => "disc";

        public double Radius { get; init; } = 1;
    }

    /// <summary>Several figures.</summary>
    public sealed record Group : Figure
    {
        public override string Kind => "group";

        public IReadOnlyList<Figure> Members { get; init; } = [new Disc { Radius = 5 }];
    }

    /// <summary>Added by a program.</summary>
    public sealed record Star : Figure
    {
        public override string Kind => "star";

        public int Rays { get; init; } = 5;
    }

    /// <summary>A pen.</summary>
    public sealed record Pen : IOptions
    {
        public string Colour { get; init; } = "black";

        public void Check(OptionChecks checks)
        {
        }
    }

    /// <summary>A drawing.</summary>
    public sealed record Drawing : IOptions
    {
        public IReadOnlyList<Figure> Figures { get; init; } = [new Disc(), new Disc { Radius = 2 }];

        public Pen Pen { get; init; } = new();

        public Figure? Frame { get; init; }

        public void Check(OptionChecks checks)
        {
        }
    }

    private static Drawing Read(string text, params string[] sets) => Read(text, RecipeKinds.Default, sets);

    private static Drawing Read(string text, RecipeKinds kinds, params string[] sets)
    {
        var map = RecipeSyntax.Document(text, "x.yaml");
        foreach (var set in sets) new RecipeChange(RecipeOverride.Parse(set), kinds).Apply(map, new Drawing());
        var binder = new RecipeBinder(kinds);
        var drawing = (Drawing)binder.Section(map, new Drawing(), typeof(Drawing), "")!;
        return binder.Problems.Count == 0 ? drawing : throw new RecipeException(string.Join('\n', binder.Problems));
    }

    private static string Problem(string text, params string[] sets) => Assert.Throws<RecipeException>(() => Read(text, sets)).Message;

    [Fact]
    public void Items_of_a_list_are_maps_with_a_kind_or_the_kind_alone()
    {
        var drawing = Read("figures:\n  - disc\n  - {kind: disc, radius: 3}\n  - kind: group\n    members: [{kind: disc}]\n");
        Assert.Equal([new Disc(), new Disc { Radius = 3 }], drawing.Figures.Take(2));
        Assert.Equal([new Disc()], Assert.IsType<Group>(drawing.Figures[2]).Members);
        Assert.Empty(Read("figures: []").Figures);
    }

    [Fact]
    public void A_section_below_another_keeps_what_is_not_given_and_may_be_none()
    {
        Assert.Equal("red", Read("pen: {colour: red}").Pen.Colour);
        Assert.Equal("black", Read("pen: {}").Pen.Colour);
        Assert.Null(Read("frame: null").Frame);
        Assert.Equal(new Disc { Radius = 9 }, Read("frame: {kind: disc, radius: 9}").Frame);
    }

    [Fact]
    public void What_is_written_reads_back_the_same()
    {
        var text = RecipeWriter.Block(RecipeNodes.Section(Read("figures: [disc, {kind: group}]\npen: {colour: 'a: b'}\nframe: disc\n"), ""));
        Assert.Equal(
            """
            figures:
              - kind: disc
                radius: 1
              - kind: group
                members:
                  - kind: disc
                    radius: 5
            pen:
              colour: "a: b"
            frame:
              kind: disc
              radius: 1

            """,
            text);
        Assert.Equal(text, RecipeWriter.Block(RecipeNodes.Section(Read(text), "")));
    }

    [Fact]
    public void Set_reaches_into_lists_and_adds_to_them()
    {
        Assert.Equal([new Disc(), new Disc { Radius = 7 }], Read("", "figures[1].radius=7").Figures);
        Assert.Equal([new Disc { Radius = 8 }], Read("figures: [disc]", "figures[0].radius=8").Figures);
        Assert.Equal(3, Read("", "figures[+]={kind: disc, radius: 4}").Figures.Count);
        Assert.Equal([new Disc { Radius = 6 }], Assert.IsType<Group>(Read("figures: [group]", "figures[0].members[0].radius=6").Figures[0]).Members);
        Assert.Equal("green", Read("", "pen.colour=green").Pen.Colour);
        Assert.Equal(new Disc { Radius = 2 }, Read("", "frame=disc", "frame.radius=2").Frame);
    }

    [Theory]
    [InlineData("figures[2].radius=1", "--set figures[2].radius=1: there is no figures[2]; wanted figures[0] to figures[1], or figures[+] to add an item")]
    [InlineData("figures[-1]=disc", "--set figures[-1]=disc: there is no figures[-1]; wanted figures[0] to figures[1], or figures[+] to add an item")]
    [InlineData("figures.radius=1", "--set figures.radius=1: figures is a list; wanted figures[0] for its first item, or figures[+] to add one")]
    [InlineData("figures[0.radius=1", "--set figures[0.radius=1: 'figures[0' is no key; wanted words with dots between them, as in augment.transforms[1].probability")]
    [InlineData("pen[0]=1", "--set pen[0]=1: pen is no list; wanted pen=…")]
    [InlineData("pens.colour=red", "--set pens.colour=red: there is no section 'pens'; did you mean 'pen'?")]
    [InlineData("figures[+]=square", "--set figures[+]=square: figures[2] is 'square'; wanted disc or group, or keys below it: kind, …")]
    public void A_wrong_place_is_told(string set, string problem) => Assert.Equal(problem, Problem("", set));

    [Theory]
    [InlineData("figures: disc\n", "x.yaml:1:10: figures is 'disc'; wanted a list of at most 256: each item disc or group")]
    [InlineData("figures:\n  - radius: 1\n", "x.yaml:2:5: figures[0] lacks the key 'kind'; wanted disc or group")]
    [InlineData("figures:\n  - {kind: disk}\n", "x.yaml:2:12: figures[0].kind is 'disk'; wanted disc or group; did you mean 'disc'?")]
    [InlineData("figures:\n  - {kind: disc, rdius: 1}\n", "x.yaml:2:18: unknown key 'rdius' in figures[0] of kind disc; did you mean 'radius'?")]
    [InlineData("figures:\n  - {kind: group, members: [disc, 3]}\n", "x.yaml:2:35: figures[0].members[1] is '3'; wanted disc or group, or keys below it: kind, …")]
    [InlineData("pen: red\n", "x.yaml:1:6: pen is 'red'; wanted keys below it: colour")]
    [InlineData("pen: null\n", "x.yaml:1:6: pen has no value; wanted keys below it: colour")]
    public void What_does_not_fit_is_told_with_its_place(string text, string problem) => Assert.Equal(problem, Problem(text));

    [Fact]
    public void A_list_longer_than_any_recipe_has_is_refused() =>
        Assert.Equal(
            "x.yaml:1:10: figures is a list of 257; wanted a list of at most 256: each item disc or group",
            Problem($"figures: [{string.Join(", ", Enumerable.Repeat("{kind: disc}", 257))}]"));

    [Fact]
    public void An_alternative_of_the_program_is_known_where_it_was_added()
    {
        var kinds = RecipeKinds.Default.With(new Star());
        Assert.Equal([new Star { Rays = 7 }], Read("figures: [{kind: star, rays: 7}]", kinds).Figures);
        Assert.Contains("is 'star'; wanted disc or group", Problem("figures: [star]"), StringComparison.Ordinal);
        Assert.Equal(
            "there is a kind 'star' of Figure already (Parameter 'alternative')", Assert.Throws<ArgumentException>(() => kinds.With(new Star())).Message);
    }
}
