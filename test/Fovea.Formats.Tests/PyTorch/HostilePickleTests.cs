using Fovea.Formats.Weights;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.PyTorch;

/// <summary>Pickles that say much in few bytes, and those that refer to themselves.</summary>
public sealed class HostilePickleTests
{
    private static readonly byte[] s_storage = new byte[16];

    [Fact]
    public void Tensor_that_is_rebuilt_many_times_with_long_extents_takes_no_memory()
    {
        var pickle = Pickles.Of(p =>
        {
            p.Tuple([.. Enumerable.Range(0, 20_000).Select(i => (long)i)]);
            p.Ops("q\x01" + "0");
            p.Global("torch._utils", "_rebuild_tensor_v2");
            p.Ops("q\x02" + "0((");
            p.Text("storage");
            p.Global("torch", "FloatStorage");
            p.Text("0");
            p.Text("cpu");
            p.Integer(4);
            p.Ops("tQK\0h\x01h\x01\x89}tq\x03" + "0(");
            for (var i = 0; i < 20_000; i++) p.Ops("h\x02h\x03R");
            p.Op('t');
        });
        var bytes = Pickles.Zip(pickle, s_storage);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("holds a tuple; wanted a state dict", Refused(bytes), StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * bytes.Length);
    }

    [Theory]
    [InlineData("model")]
    [InlineData("state_dict")]
    [InlineData("ema")]
    public void Dictionary_that_contains_itself_is_refused(string key)
    {
        var pickle = Pickles.Of(p =>
        {
            p.Ops("}q\0");
            p.Set("w", value => value.Tensor(memo: 1));
            p.Set(key, value => value.Get(0));
        });
        Assert.Contains($"contains itself: '{key}' is a dictionary that it is in", Refused(Pickles.Zip(pickle, s_storage)), StringComparison.Ordinal);
    }

    [Fact]
    public void Dictionaries_that_contain_each_other_are_refused()
    {
        var pickle = Pickles.Of(p =>
        {
            p.Ops("}q\0}q\x01");
            p.Set("w", value => value.Tensor(memo: 2));
            p.Set("state_dict", value => value.Get(0));
            p.Op('0');
            p.Set("model", value => value.Get(1));
        });
        Assert.Contains("contains itself: 'model.state_dict' is", Refused(Pickles.Zip(pickle, s_storage)), StringComparison.Ordinal);
    }

    [Fact]
    public void Reference_to_itself_that_nobody_follows_does_no_harm()
    {
        var pickle = Pickles.Of(p =>
        {
            p.Ops("}q\0");
            p.Set("w", value => value.Tensor(memo: 1));
            p.Set("trainer", value => value.Get(0));
        });
        var weights = WeightFile.Read(new MemoryStream(Pickles.Zip(pickle, s_storage)), "w");
        Assert.Equal(["w"], weights.Tensors.Select(entry => entry.Name));
        Assert.Equal(["left out 'trainer', a dictionary"], weights.Notes);
        Assert.Equal(
            ["w"], WeightFile.Read(new MemoryStream(Pickles.Zip(pickle, s_storage)), "w", key: "trainer.trainer.trainer").Tensors.Select(entry => entry.Name));
    }

    [Fact]
    public void Wrappers_that_all_contain_each_other_are_searched_once_each()
    {
        string[] wrappers = ["state_dict", "model", "model_state_dict", "model_state", "module", "net", "network", "state_dict_ema", "model_ema", "ema"];
        var pickle = Pickles.Of(p =>
        {
            for (byte i = 0; i < 200; i++) p.Ops($"}}q{(char)i}0");
            for (byte i = 0; i < 200; i++)
            {
                p.Get(i);
                for (byte j = 0; j < wrappers.Length; j++) p.Set(wrappers[j], value => value.Get((byte)((i + j + 1) % 200)));
                p.Op('0');
            }

            p.Get(0);
        });
        Assert.Contains("holds no tensors by name, only 'state_dict' (a dictionary)", Refused(Pickles.Zip(pickle)), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, string> Nestings => new()
    {
        { ")", "\x85", "holds a tuple" },
        { "N", "q\0" + "0]h\0" + "a", "holds a list" },
        { "N", "q\0" + "0}N" + "h\0s", "holds no tensors" },
        { "N", "q\0" + "0}U\x05modelh\0s", "holds no tensors" },
        { "N", "q\0" + "0}U\x01xh\0s", "holds no tensors" },
        { ")", "\x85q\0" + "0cx\ny\nh\0R\x85", "holds a tuple" },
        { "N", "q\0" + "0ccollections\nOrderedDict\n]U\x05modelh\0\x86" + "a\x85R", "holds no tensors" },
        { "N", "q\0" + "0}h\0b", "holds no tensors" },
        { "", "(", "takes a value from an empty stack" },
    };

    [Theory]
    [MemberData(nameof(Nestings))]
    public void Nesting_of_any_depth_overflows_no_stack(string innermost, string around, string wanted)
    {
        var pickle = Pickles.Of(p =>
        {
            p.Ops(innermost);
            for (var depth = 0; depth < 100_000; depth++) p.Ops(around);
        });
        Assert.Contains(wanted, Refused(Pickles.Zip(pickle)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("h\0h\x01R0", "one list of pairs made into dictionaries")]
    [InlineData("h\x02h\x03Ns0", "one long key set again and again")]
    public void Work_that_grows_faster_than_the_file_is_refused(string again, string what)
    {
        var pickle = Pickles.Of(p =>
        {
            p.Global("collections", "OrderedDict");
            p.Ops("q\0" + "0](");
            for (var i = 0; i < 10_000; i++) p.Ops("K\x01K\x02\x86");
            p.Ops("e\x85q\x01" + "0}q\x02" + "0");
            p.Text(new string('k', 1_000_000));
            p.Ops("q\x03" + "0");
            for (var i = 0; i < 10_000; i++) p.Ops(again);
            p.Op('N');
        });
        Assert.True(Refused(Pickles.Zip(pickle)).Contains("takes more than 4000000 operations", StringComparison.Ordinal), what);
    }

    [Fact]
    public void Operations_without_end_are_refused() =>
        Assert.Contains("takes more than 4000000 operations", Refused(Pickles.Zip([.. Enumerable.Repeat((byte)'}', 5_000_000)])), StringComparison.Ordinal);

    [Theory]
    [InlineData(4, 0, new long[] { 5 }, new long[] { 1 }, "[5] reaches from element 0 to 4 of its storage, which has 4")]
    [InlineData(4, 4, new long[] { 1 }, new long[] { 1 }, "[1] reaches from element 4 to 4")]
    [InlineData(4, -1, new long[] { 1 }, new long[] { 1 }, "[1] reaches from element -1")]
    [InlineData(4, long.MaxValue, new long[] { 2 }, new long[] { 1 }, "[2] reaches from element 9223372036854775807 to 9223372036854775808")]
    [InlineData(4, 0, new long[] { 2, 2 }, new long[] { long.MaxValue, long.MaxValue }, "to 18446744073709551614")]
    [InlineData(4, 3, new long[] { 4 }, new long[] { -1 }, "axis 0 has the stride -1; wanted at least 0")]
    [InlineData(4, 0, new long[] { -1 }, new long[] { 1 }, "axis 0 has the extent -1")]
    [InlineData(4, 0, new long[] { 65536, 65536, 65536, 65536 }, new long[] { 0, 0, 0, 0 }, "can be held in one tensor")]
    [InlineData(4, 0, new long[] { 0, 2147483647, 2147483647, 2147483647 }, new long[] { 1, 1, 1, 1 }, "can be held in one tensor")]
    [InlineData(4, 0, new long[] { 1L << 32 }, new long[] { 0 }, "axis 0 has the extent 4294967296")]
    [InlineData(4, 0, new long[] { 2 }, new long[] { }, "has 1 axes and 0 strides")]
    [InlineData(4, 0, new long[] { 10000, 10000 }, new long[] { 0, 0 }, "describes tensors of 400000000 bytes, more than 16 times its own")]
    [InlineData(4, long.MaxValue, new long[] { 0 }, new long[] { 1 }, "[0] reaches from element 9223372036854775807")]
    [InlineData(1L << 61, 0, new long[] { 1 }, new long[] { 1 }, "2305843009213693952 elements of torch.FloatStorage take 9223372036854775808")]
    [InlineData(long.MaxValue, 1L << 62, new long[] { 1 }, new long[] { 1 }, "elements of torch.FloatStorage take 36893488147419103228")]
    [InlineData(-1, 0, new long[] { 1 }, new long[] { 1 }, "has a storage of -1 elements")]
    public void View_beyond_its_storage_is_refused(long elements, long offset, long[] extents, long[] strides, string wanted)
    {
        var pickle = Pickles.Of(p =>
        {
            p.Op('}');
            p.Set("w", value => value.View("FloatStorage", elements, offset, extents, strides));
        });
        Assert.Contains(wanted, Refused(Pickles.Zip(pickle, s_storage)), StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_and_repeating_views_are_read()
    {
        var pickle = Pickles.Of(p =>
        {
            p.Op('}');
            p.Set("none", value => value.View("FloatStorage", 4, 4, [0, 3], [3, 1]));
            p.Set("same", value => value.View("FloatStorage", 4, 1, [2, 2], [0, 1]));
        });
        var weights = WeightFile.Read(new MemoryStream(Pickles.Zip(pickle, [.. new[] { 1f, 2f, 3f, 4f }.SelectMany(BitConverter.GetBytes)])), "w");
        Assert.Equal(new Shape(0, 3), weights.Tensors[0].Tensor.Shape);
        Assert.Equal([2f, 3f, 2f, 3f], weights.Tensors[1].Tensor.Floats.ToArray());
    }

    [Theory]
    [InlineData("float8_e4m3fn")]
    [InlineData("float8_e5m2fnuz")]
    [InlineData("float4_e2m1fn_x2")]
    [InlineData("uint32")]
    [InlineData("int4")]
    [InlineData("bits8")]
    public void Element_type_that_cannot_be_read_is_named(string type)
    {
        var pickle = Pickles.Of(p =>
        {
            p.Op('}');
            p.Text("w");
            p.Global("torch._utils", "_rebuild_tensor_v3");
            p.Ops("((");
            p.Text("storage");
            p.Global("torch.storage", "UntypedStorage");
            p.Text("0");
            p.Text("cpu");
            p.Ops("K\x10tQK\0K\x10\x85K\x01\x85\x89}");
            p.Global("torch", type);
            p.Ops("tRs");
        });
        Assert.Contains($"tensor 'w': has elements of torch.{type}, which cannot be read", Refused(Pickles.Zip(pickle, s_storage)), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_with_control_codes_are_shown_as_escapes()
    {
        const string Name = "w\u001b[2J\n\u202Eevil\u009B";
        var pickle = Pickles.Of(p =>
        {
            p.Op('}');
            p.Set(Name, value => value.View("FloatStorage", 4, 9, [1], [1]));
            p.Set(Name + "2", value => value.Text("x"));
        });
        Assert.Contains("tensor 'w\\u001b[2J\\n\\u202eevil\\u009b': [1] reaches", Refused(Pickles.Zip(pickle, s_storage)), StringComparison.Ordinal);
    }

    private static string Refused(byte[] bytes) => Assert.Throws<ModelFormatException>(() => WeightFile.Read(new MemoryStream(bytes), "w")).Message;
}
