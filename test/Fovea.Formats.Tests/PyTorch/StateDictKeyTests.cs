using Fovea.Formats.PyTorch;
using Fovea.Formats.Weights;
using Fovea.Tensors;

namespace Fovea.Formats.Tests.PyTorch;

/// <summary>Which part of a file is read, and what becomes of the prefixes that wrappers give to all names.</summary>
public sealed class StateDictKeyTests
{
    [Theory]
    [InlineData(null, "w", "took the entry 'state_dict'")]
    [InlineData("state_dict", "w", "took the entry 'state_dict'")]
    [InlineData("ema", "x", "took the entry 'ema.model'")]
    [InlineData("ema.model", "x", "took the entry 'ema.model'")]
    [InlineData("a.dotted.key", "y", "took the entry 'a.dotted.key'")]
    [InlineData("a.dotted.key.inner", "z", "took the entry 'a.dotted.key.inner'")]
    [InlineData("lightning.model", "p", "took the entry 'lightning'")]
    [InlineData("lightning.model_ema", "q", "took the entry 'lightning'")]
    public void Key_chooses_a_part_of_a_checkpoint(string? key, string wanted, string note)
    {
        var weights = WeightFile.Read(new MemoryStream(Checkpoint()), "c.ckpt", key);
        Assert.Equal([wanted], weights.Tensors.Select(entry => entry.Name));
        Assert.Equal(note, weights.Notes[0]);
    }

    [Fact]
    public void What_else_could_have_been_taken_is_told_with_its_key()
    {
        var weights = WeightFile.Read(new MemoryStream(Checkpoint()), "c.ckpt");
        Assert.Contains("left 'ema', 'a.dotted.key', 'lightning', which hold tensors too; --key takes another part", weights.Notes);
    }

    [Fact]
    public void Names_of_a_state_dict_can_be_chosen_by_how_they_begin()
    {
        var pickle = Pickles.Of(p =>
        {
            p.Op('}');
            p.Set("state_dict", dictionary =>
            {
                dictionary.Op('}');
                dictionary.Set("model.w", value => value.Tensor(memo: 1));
                dictionary.Set("ema_model.module.w", value => value.Tensor(memo: 1));
                dictionary.Set("loss.weight", value => value.Tensor(memo: 1));
            });
        });
        var weights = WeightFile.Read(new MemoryStream(Pickles.Zip(pickle, new byte[16])), "l.ckpt", "ema_model");
        Assert.Equal(["w"], weights.Tensors.Select(entry => entry.Name));
        Assert.Equal(
            ["took the entry 'state_dict'", "took the 1 of 3 tensors whose names begin with 'ema_model'", "removed the prefix 'module.' from every name"],
            weights.Notes);
    }

    [Theory]
    [InlineData("emma", "key 'emma': has neither a dictionary 'emma' nor names that begin so")]
    [InlineData("epoch", "key 'epoch': has neither a dictionary 'epoch' nor names")]
    [InlineData("ema.other", "key 'ema.other': has neither a dictionary 'other'")]
    [InlineData("..", "key '..': has neither a dictionary '..'")]
    [InlineData("optimizer", "key 'optimizer': holds no tensors by name, only 'lr' (a float)")]
    public void Key_that_leads_nowhere_is_refused_with_what_there_is(string key, string wanted)
    {
        var failure = Assert.Throws<ModelFormatException>(() => WeightFile.Read(new MemoryStream(Checkpoint()), "c.ckpt", key));
        Assert.StartsWith($"c.ckpt: {wanted}", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("module.")]
    [InlineData("model.")]
    [InlineData("_orig_mod.")]
    [InlineData("backbone.")]
    [InlineData("net.")]
    [InlineData("model._orig_mod.module.net.")]
    public void Prefix_that_a_wrapper_gave_to_every_name_is_removed_and_said_once(string prefix)
    {
        using var folder = new TemporaryFolder();
        WeightFile.Write(folder.Path("w.safetensors"), [(prefix + "a", Fixtures.Ramp(1)), (prefix + "b.c", Fixtures.Ramp(1))]);
        var weights = WeightFile.Read(folder.Path("w.safetensors"));
        Assert.Equal(["a", "b.c"], weights.Tensors.Select(entry => entry.Name));
        Assert.Equal([$"removed the prefix '{prefix}' from every name"], weights.Notes);
    }

    [Fact]
    public void Safetensors_are_chosen_by_how_their_names_begin()
    {
        using var folder = new TemporaryFolder();
        (string, HostTensor)[] tensors =
        [
            ("conv.w", Fixtures.Ramp(1)), ("ema/conv.w", Fixtures.Ramp(2)), ("teacher.conv.w", Fixtures.Ramp(3)), ("teacher/x", Fixtures.Ramp(4)),
        ];
        WeightFile.Write(folder.Path("w.safetensors"), tensors);
        Assert.Equal(2, WeightFile.Read(folder.Path("w.safetensors"), "ema").Tensors.Single().Tensor.Shape[0]);
        Assert.Equal(
            ("conv.w", 3), WeightFile.Read(folder.Path("w.safetensors"), "teacher").Tensors.Select(entry => (entry.Name, entry.Tensor.Shape[0])).Single());
        var failure = Assert.Throws<ModelFormatException>(() => WeightFile.Read(folder.Path("w.safetensors"), "student"));
        Assert.EndsWith(
            "key 'student': no tensor has a name that begins with it; names begin with 'conv', 'ema', 'teacher'", failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Checkpoint()
    {
        static void One(PickleOutput p, string name)
        {
            p.Op('}');
            p.Set(name, value => value.Tensor(memo: 1));
        }

        var pickle = Pickles.Of(p =>
        {
            p.Op('}');
            p.Set("epoch", value => value.Integer(3));
            p.Set("optimizer", value =>
            {
                value.Op('}');
                value.Set("lr", rate => rate.Ops("G\x3F\xF0\0\0\0\0\0\0"));
            });
            p.Set("state_dict", value => One(value, "w"));
            p.Set("ema", value =>
            {
                value.Op('}');
                value.Set("model", model => One(model, "x"));
            });
            p.Set("a.dotted.key", value =>
            {
                One(value, "y");
                value.Set("inner", inner => One(inner, "z"));
            });
            p.Set("lightning", value =>
            {
                One(value, "model.p");
                value.Set("model_ema.q", tensor => tensor.Tensor(memo: 1));
            });
        });
        return Pickles.Zip(pickle, new byte[16]);
    }
}
